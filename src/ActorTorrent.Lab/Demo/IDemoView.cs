using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Demo;

/// <summary>Is shown a demo as it goes; called from one place at a time.</summary>
public interface IDemoView
{
    /// <summary>Something begins or has been found out.</summary>
    /// <param name="text">A sentence.</param>
    void Say(string text);

    /// <summary>All peers are probed.</summary>
    /// <param name="results">What came of each, in the order of the tracker's answer.</param>
    /// <param name="elapsed">How long it took all together.</param>
    void Probed(IReadOnlyList<ProbeResult> results, TimeSpan elapsed);

    /// <summary>The download begins.</summary>
    /// <param name="faulty">The peers that will fail, and how.</param>
    void DownloadStarts(IReadOnlyList<StubPeer> faulty);

    /// <summary>How far the download is; several times a second.</summary>
    /// <param name="snapshot">The torrent.</param>
    void Progress(TorrentSnapshot snapshot);

    /// <summary>A peer that serves has failed.</summary>
    /// <param name="fault">The fault and what supervision did about it.</param>
    /// <param name="since">Since the start of the download.</param>
    void Fault(FaultJournalEntry fault, TimeSpan since);
}
