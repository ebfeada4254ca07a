namespace ActorTorrent.Benchmarks.Picking;

/// <summary><c>picker</c>: what a block costs the piece picker, over pieces and peers.</summary>
internal static class PickerCommand
{
    public const string Usage = "picker    cost of the piece picker per block, over pieces and peers";

    public static int Run()
    {
        // The first run is the compiler's.
        for (var i = 0; i < 3; i++)
            new PickerRun(10_000, 100, isSequential: i == 0).Measure();
        Console.WriteLine("pieces      peers   order        blocks   ns/block (pick + receipt)   steps/pick   bytes/pick   ns/have   ms/bitfield");
        foreach (var pieces in new[] { 1_000, 10_000, 100_000 })
        {
            foreach (var peers in new[] { 10, 100, 1_000 })
                Measure(pieces, peers, isSequential: false);
        }
        Measure(100_000, 1_000, isSequential: true);
        return 0;
    }

    private static void Measure(int pieces, int peers, bool isSequential)
    {
        var result = new PickerRun(pieces, peers, isSequential).Measure();
        Console.WriteLine(FormattableString.Invariant(
            $"{pieces,-9} {peers,7}   {(isSequential ? "sequential" : "rarest"),-10} {result.Blocks,8}   {result.NanosecondsPerBlock,25:0}   {result.StepsPerPick,10:0.0}   {result.BytesPerPick,10:0.###}   {result.NanosecondsPerHave,7:0}   {result.MillisecondsPerBitfield,11:0.000}"));
    }
}
