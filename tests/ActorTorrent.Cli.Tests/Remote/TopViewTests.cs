using ActorTorrent.Cli.Remote;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorTorrent.Cli.Tests.Remote;

/// <summary>What <c>top</c> draws, on a terminal of a size.</summary>
public sealed class TopViewTests
{
    [Theory]
    [InlineData(80, 24, 40, 30)]
    [InlineData(80, 50, 3, 4)]
    [InlineData(132, 40, 100, 100)]
    [InlineData(60, 12, 10, 10)]
    [InlineData(20, 3, 1, 1)]
    public void It_fits_its_terminal(int width, int height, int torrents, int peers)
    {
        var drawn = Draw(SampleService.State(torrents, peers, faults: 8), remark: null, width, height);

        Assert.InRange(drawn.Length, 1, height);
        Assert.All(drawn, line => Assert.InRange(new Segment(line).CellCount(), 0, width));
    }

    [Fact]
    public void Eighty_columns_show_all_that_matters()
    {
        var drawn = Draw(SampleService.State(torrents: 3, peers: 4, faults: 1), remark: null, 80, 40);

        Assert.Equal("http://127.0.0.1:9091  up 1:02:03  3 torrents: 3 at work, 1 paused", drawn[0]);
        Assert.Equal("down 21.9 MiB/s  up 1.8 MiB/s  peers 144 of 600  faults 3702  free 1 TiB", drawn[1]);
        Assert.Equal("", drawn[2]);
        Assert.StartsWith("ID TORRENT", drawn[3], StringComparison.Ordinal);
        Assert.Matches(@"^ 1 A torrent with [^…]*… downloading 46\.9% 11\.8 MiB +965 KiB 48/200 +1234 3:35$", drawn[4]);
        Assert.Contains(drawn, static line => line.StartsWith(" 2 映画", StringComparison.Ordinal));
        Assert.Matches(@"^ 1 203\.0\.113\.1:51413 Transm\S*.* run +DuHX +100% +977 KiB +4\.9 KiB +2$", drawn[9]);
        Assert.Contains(drawn, static line => line.Contains("203.0.113.9:51413 transfer/reset -> restart: the", StringComparison.Ordinal));
        Assert.DoesNotContain(drawn, static line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_is_counted_and_remarks_come_first()
    {
        var drawn = Draw(SampleService.State(torrents: 40, peers: 0, faults: 0), "No service answers", 80, 24);

        Assert.Equal("No service answers", drawn[2]);
        Assert.Matches(@"^… \d+ more$", drawn[^1]);
    }

    private static string[] Draw(TopState state, string? remark, int width, int height)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Encoding = System.Text.Encoding.UTF8;
        console.Write(TopView.Render(state, remark, width, height));
        return [.. writer.ToString().TrimEnd('\n').Split('\n').Select(static line => line.TrimEnd())];
    }
}
