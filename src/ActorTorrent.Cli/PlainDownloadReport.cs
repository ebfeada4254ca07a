using System.Globalization;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>Plain lines, for logs and pipes: what happens as it happens, progress every few seconds.</summary>
internal sealed class PlainDownloadReport(TextWriter output, TextWriter error) : IDownloadReport
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private DateTime _nextProgress = DateTime.MinValue;

    public void Started(TorrentSpec spec, int port)
    {
        output.WriteLine($"{DownloadText.Name(spec)} ({DownloadText.Size(spec)}, {spec.InfoHash}) to {spec.OutputFolder}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listening on port {port}"));
    }

    public void Progress(TorrentSnapshot snapshot)
    {
        var now = DateTime.UtcNow;
        if (now < _nextProgress)
            return;
        _nextProgress = now + Pace;
        output.WriteLine(DownloadText.Progress(snapshot));
    }

    public void Actors(ActorCensus census)
    {
        foreach (var line in ActorTreeText.Lines(census))
            output.WriteLine(line);
    }

    public void Fault(FaultJournalEntry entry) => output.WriteLine(DownloadText.Fault(entry));

    public void Happened(TorrentEvent what)
    {
        if (DownloadText.Happened(what) is { } line)
            output.WriteLine(line);
    }

    public void Completed(TorrentSnapshot final, TimeSpan elapsed, IReadOnlyDictionary<FaultCause, long> faults)
        => output.WriteLine(DownloadText.Completed(final, elapsed, faults));

    public void Seeding(TorrentMetainfo metainfo, int port) => output.WriteLine(DownloadText.Seeding(metainfo, port));

    public void Ended(string how, string reason, TorrentSnapshot? last)
    {
        if (last is not null)
            output.WriteLine(DownloadText.Progress(last));
        error.WriteLine(reason);
    }

    public void Dispose() => output.Flush();
}
