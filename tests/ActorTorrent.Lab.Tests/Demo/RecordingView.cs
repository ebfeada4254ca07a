using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Demo;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Tests.Demo;

internal sealed class RecordingView : IDemoView
{
    public List<string> Said { get; } = [];

    public IReadOnlyList<ProbeResult> Results { get; private set; } = [];

    public List<FaultJournalEntry> Faults { get; } = [];

    public int Snapshots { get; private set; }

    public void Say(string text) => Said.Add(text);

    public void Probed(IReadOnlyList<ProbeResult> results, TimeSpan elapsed) => Results = results;

    public void DownloadStarts(IReadOnlyList<StubPeer> faulty) => Assert.Equal(4, faulty.Count);

    public void Progress(TorrentSnapshot snapshot) => Snapshots++;

    public void Fault(FaultJournalEntry fault, TimeSpan since) => Faults.Add(fault);
}
