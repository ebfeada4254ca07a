namespace ActorTorrent.Benchmarks.Picking;

/// <summary>What a run cost.</summary>
/// <param name="Blocks">Blocks picked and received.</param>
/// <param name="NanosecondsPerBlock">Time for a block: its share of the pick, its receipt and its piece's verdict.</param>
/// <param name="StepsPerPick">Pieces and words looked at.</param>
/// <param name="BytesPerPick">Memory allocated.</param>
/// <param name="NanosecondsPerHave">Time to book one have message.</param>
/// <param name="MillisecondsPerBitfield">Time to book one bitfield.</param>
internal sealed record PickerResult(
    long Blocks, double NanosecondsPerBlock, double StepsPerPick, double BytesPerPick, double NanosecondsPerHave, double MillisecondsPerBitfield);
