using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>A view that moves, for terminals: a bar and numbers in one line, what happens scrolling above it.</summary>
internal sealed class LiveDownloadReport(IAnsiConsole console) : IDownloadReport
{
    private const int BarWidth = 24;
    private bool _hasStatus;

    public void Started(TorrentMetainfo metainfo, string folder, int port, IReadOnlyList<IPEndPoint> peers)
    {
        Say($"[bold]{Markup.Escape(Text.Printable(metainfo.Name))}[/] {Text.Bytes(metainfo.Layout.TotalLength)} to {Markup.Escape(folder)}");
        Say($"[grey]{metainfo.InfoHash}, listening on port {port}[/]");
    }

    public void Progress(TorrentSnapshot snapshot)
    {
        var filled = (int)(DownloadText.Percent(snapshot) / 100 * BarWidth);
        var line = $"{new string('#', filled)}{new string('.', BarWidth - filled)} {DownloadText.Progress(snapshot).Trim()}";
        var width = Math.Max(20, console.Profile.Width - 1);
        Erase();
        console.Write(new Spectre.Console.Text(line.Length > width ? line[..width] : line, new Style(Color.Green)));
        _hasStatus = true;
    }

    public void Fault(FaultJournalEntry entry) => Say($"[yellow]{Markup.Escape(DownloadText.Fault(entry))}[/]");

    public void Happened(TorrentEvent what)
    {
        if (DownloadText.Happened(what) is { } line)
            Say($"[grey]{Markup.Escape(line)}[/]");
    }

    public void Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults)
        => Say($"[green]{Markup.Escape(DownloadText.Completed(final, elapsed, faults))}[/]");

    public void Ended(string how, string reason, TorrentSnapshot? last)
    {
        if (last is not null)
            Say(Markup.Escape(DownloadText.Progress(last)));
        Say($"[red]{Markup.Escape(reason)}[/]");
    }

    public void Dispose() => Erase();

    private void Say(string markup)
    {
        Erase();
        console.MarkupLine(markup);
    }

    /// <summary>Takes the moving line away, so that what follows scrolls above the next one.</summary>
    private void Erase()
    {
        if (!_hasStatus)
            return;
        console.Cursor.MoveLeft(console.Profile.Width);
        console.Write(new ControlCode("\u001b[2K"));
        _hasStatus = false;
    }
}
