using System.Globalization;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>A view that moves, for terminals: a bar and numbers in one line, what happens scrolling above it.</summary>
internal sealed class LiveDownloadReport(IAnsiConsole console) : IDownloadReport
{
    private const int BarWidth = 24;
    private const int LinesKeptFree = 3;

    private IReadOnlyList<string> _tree = [];
    private int _linesBelow;
    private bool _hasStatus;

    public void Started(TorrentSpec spec, int port)
    {
        Say($"[bold]{Markup.Escape(DownloadText.Name(spec))}[/] {DownloadText.Size(spec)} to {Markup.Escape(spec.OutputFolder)}");
        Say($"[grey]{spec.InfoHash}, listening on port {port}[/]");
    }

    public void Progress(TorrentSnapshot snapshot)
    {
        var filled = (int)(DownloadText.Percent(snapshot) / 100 * BarWidth);
        var line = $"{new string('#', filled)}{new string('.', BarWidth - filled)} {DownloadText.Progress(snapshot).Trim()}";
        Erase();
        Write(line, Color.Green);
        foreach (var branch in _tree)
        {
            console.WriteLine();
            Write(branch, Color.Grey);
        }
        _linesBelow = _tree.Count;
        _hasStatus = true;
    }

    /// <summary>The tree stands below the moving line, as much of it as there is room for.</summary>
    public void Actors(ActorCensus census)
    {
        var room = Math.Max(1, console.Profile.Height - LinesKeptFree);
        var lines = ActorTreeText.Lines(census).ToList();
        _tree = lines.Count <= room ? lines : [.. lines.Take(room - 1), string.Create(CultureInfo.InvariantCulture, $"… {lines.Count - room + 1} more")];
    }

    public void Fault(FaultJournalEntry entry) => Say($"[yellow]{Markup.Escape(DownloadText.Fault(entry))}[/]");

    public void Happened(TorrentEvent what)
    {
        if (DownloadText.Happened(what) is { } line)
            Say($"[grey]{Markup.Escape(line)}[/]");
    }

    public void Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults)
        => Say($"[green]{Markup.Escape(DownloadText.Completed(final, elapsed, faults))}[/]");

    public void Seeding(TorrentMetainfo metainfo, int port) => Say($"[green]{Markup.Escape(DownloadText.Seeding(metainfo, port))}[/]");

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

    private void Write(string line, Color color)
    {
        var width = Math.Max(20, console.Profile.Width - 1);
        console.Write(new Spectre.Console.Text(line.Length > width ? line[..width] : line, new Style(color)));
    }

    /// <summary>Takes the moving line away, so that what follows scrolls above the next one.</summary>
    private void Erase()
    {
        if (!_hasStatus)
            return;
        console.Cursor.MoveLeft(console.Profile.Width);
        if (_linesBelow > 0)
            console.Cursor.MoveUp(_linesBelow);
        console.Write(new ControlCode(_linesBelow > 0 ? "\u001b[J" : "\u001b[2K"));
        _linesBelow = 0;
        _hasStatus = false;
    }
}
