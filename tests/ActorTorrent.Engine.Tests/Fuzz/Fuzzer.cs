using System.Diagnostics;

namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>Feeds a target with inputs and holds it to the rules: only declared exceptions, bounded memory, cost in proportion to length.</summary>
internal static class Fuzzer
{
    private const int MostFindings = 5;
    private const double MostGrowth = 2.5;

    // What takes less is measured several times together.
    private static readonly TimeSpan Measurable = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs a target for a while.</summary>
    public static FuzzReport Run(FuzzTarget target, int seed, TimeSpan time)
    {
        var mutator = new Mutator(seed, target.Corpus, target.MaxLength);
        var findings = new List<(string, byte[])>();
        var started = Stopwatch.GetTimestamp();
        long inputs = 0, refused = 0;
        // The corpus itself first; it also warms up what is allocated only once.
        foreach (var input in target.Corpus)
            _ = Check(target, input, out _);
        foreach (var input in target.Corpus)
            Note(input);
        while (findings.Count < MostFindings && Stopwatch.GetElapsedTime(started) < time)
        {
            var input = mutator.Next();
            if (target.Mend is { } mend && inputs % 2 == 0)
                input = mend(input);
            Note(input);
        }
        return new FuzzReport(target, seed, inputs, refused, findings);

        void Note(byte[] input)
        {
            inputs++;
            if (Check(target, input, out var wasRefused) is { } rule)
                findings.Add((rule, input));
            if (wasRefused)
                refused++;
        }
    }

    /// <summary>The rule that an input breaks; null when it breaks none.</summary>
    public static string? Check(FuzzTarget target, byte[] input, out bool wasRefused)
    {
        wasRefused = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (Exception e) when (target.Declared.Any(declared => declared.IsInstanceOfType(e)))
        {
            wasRefused = true;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} is not declared: {e}";
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = target.BytesAtAll + ((long)target.BytesPerByte * input.Length);
        return allocated <= allowed ? null : $"{allocated} bytes allocated for {input.Length} bytes of input; {allowed} are allowed";
    }

    /// <summary>
    /// What twice the length costs, as a multiple, in the better of memory and time: memory is exact, time is the least of many, since a busy
    /// machine makes it longer and never shorter.
    /// </summary>
    public static string? CheckGrowth(FuzzTarget target, string name, Func<int, byte[]> make)
    {
        var (small, large) = (make(target.GrowsFrom), make(2 * target.GrowsFrom));
        var length = (double)large.Length / small.Length;
        Assert.InRange(length, 1.9, 2.1);
        var memory = Allocated(target, large) / Math.Max(4096.0, Allocated(target, small));
        if (memory > MostGrowth)
            return $"{target}, {name}: twice the length allocates {memory:0.00} times as much";
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < 10 && ratio > MostGrowth; attempt++)
            ratio = Math.Min(ratio, Least(target, large) / Math.Max(Least(target, small), 2e-6));
        return ratio <= MostGrowth ? null : $"{target}, {name}: twice the length takes {ratio:0.00} times as long";
    }

    private static double Allocated(FuzzTarget target, byte[] input)
    {
        _ = Check(target, input, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Check(target, input, out _);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Least(FuzzTarget target, byte[] input)
    {
        var least = double.MaxValue;
        var times = 1;
        for (var i = 0; i < 12; i++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var time = 0; time < times; time++)
                _ = Check(target, input, out _);
            var elapsed = Stopwatch.GetElapsedTime(started);
            least = Math.Min(least, elapsed.TotalSeconds / times);
            if (elapsed < Measurable)
                times *= 2;
        }
        return least;
    }
}
