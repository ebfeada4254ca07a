using System.Globalization;
using Xunit.Abstractions;

namespace ActorTorrent.Engine.Tests.Chaos;

/// <summary>A randomized soak over a bad disk, bad links and an erratic clock, with hostile peers, held to its invariants all the while.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Time = int.TryParse(
        Environment.GetEnvironmentVariable("ACTORTORRENT_SOAK_MINUTES"), CultureInfo.InvariantCulture, out var minutes)
        ? TimeSpan.FromMinutes(minutes)
        : TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Everything_at_once()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ACTORTORRENT_SOAK_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine(FormattableString.Invariant($"seed {seed}"));
        await using var soak = new Soak(seed);
        try
        {
            await soak.RunAsync(Time);
        }
        finally
        {
            foreach (var line in soak.Story)
                output.WriteLine(line);
        }
        Assert.True(soak.Completed > 0, "no download completed");
    }
}
