using System.Globalization;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Measures every shape and prints the table in Markdown.</summary>
internal static class Table
{
    private const int WarmUpRounds = 3;

    public static async Task PrintAsync(int rounds, string? only)
    {
        Console.WriteLine($"{Machine.Describe()}; medians of {rounds} rounds");
        Console.WriteLine();
        Console.WriteLine("| shape | million/s | slowest to fastest | B allocated each | B live each | floor, million/s | floor, B each |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var shape in Shapes.All.Where(s => only is null || s.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            // The floor and the actors take turns, so that what else the machine does meets both.
            var own = new List<Sample>();
            var floor = new List<Sample>();
            for (var round = -WarmUpRounds; round < rounds; round++)
            {
                await MeasureAsync(shape.Round, round, own);
                if (shape.Floor is not null)
                    await MeasureAsync(shape.Floor, round, floor);
            }

            Console.WriteLine(Line(shape, own, floor));
        }
    }

    private static async Task MeasureAsync(Func<Task<Sample>> measure, int round, List<Sample> samples)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var sample = await measure();
        if (round >= 0)
            samples.Add(sample);
    }

    private static string Line(Shape shape, List<Sample> own, List<Sample> floor)
    {
        var live = own[0].Live is null ? "" : Number(Median(own, s => s.LiveEach!.Value), "0");
        var cells = new[]
        {
            shape.Name,
            Number(Median(own, s => s.PerSecond) / 1e6, "0.00"),
            $"{Number(own.Min(s => s.PerSecond) / 1e6, "0.00")} to {Number(own.Max(s => s.PerSecond) / 1e6, "0.00")}",
            Number(Median(own, s => s.AllocatedEach), "0.#"),
            live,
            floor.Count == 0 ? "" : Number(Median(floor, s => s.PerSecond) / 1e6, "0.00"),
            floor.Count == 0 ? "" : Number(Median(floor, s => s.AllocatedEach), "0.#"),
        };
        return $"| {string.Join(" | ", cells)} |";
    }

    private static double Median(List<Sample> samples, Func<Sample, double> of)
    {
        var sorted = samples.Select(of).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
