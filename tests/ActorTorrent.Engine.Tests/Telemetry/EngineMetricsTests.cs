using System.Diagnostics.Metrics;
using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Telemetry;

/// <summary>The instruments, fed by hand.</summary>
public sealed class EngineMetricsTests : IDisposable
{
    private static readonly InfoHash First = InfoHash.Parse(new string('1', 40));
    private static readonly InfoHash Second = InfoHash.Parse(new string('2', 40));

    private readonly EngineMetrics _metrics = new();
    private readonly MetricsReader _reader;

    public EngineMetricsTests() => _reader = new MetricsReader(_metrics.Meter);

    public void Dispose()
    {
        _reader.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Torrents_are_summed_up()
    {
        _metrics.Note(Snapshot(First, downloaded: 100, uploaded: 10));
        _metrics.Note(Snapshot(Second, downloaded: 50, uploaded: 5) with { Phase = TorrentPhase.Seeding });

        var read = _reader.Read();

        Assert.Equal(150, read["actortorrent.transfer.io{network.io.direction=receive}"]);
        Assert.Equal(15, read["actortorrent.transfer.io{network.io.direction=transmit}"]);
        Assert.Equal(1, read["actortorrent.torrents{actortorrent.torrent.phase=downloading}"]);
        Assert.Equal(1, read["actortorrent.torrents{actortorrent.torrent.phase=seeding}"]);
        Assert.Equal(0, read["actortorrent.torrents{actortorrent.torrent.phase=disk_error}"]);
        Assert.Equal(6, read["actortorrent.peer.connections{actortorrent.peer.state=running}"]);
    }

    [Fact]
    public void Bytes_moved_never_fall_when_a_torrent_goes_or_its_actor_starts_anew()
    {
        _metrics.Note(Snapshot(First, downloaded: 100, uploaded: 10));
        _metrics.Note(Snapshot(First, downloaded: 30, uploaded: 1));
        Assert.Equal(130, _reader.Read()["actortorrent.transfer.io{network.io.direction=receive}"]);

        _metrics.Note(new TorrentEvent.Stopped(Snapshot(First, downloaded: 40, uploaded: 2)));
        Assert.Equal(140, _reader.Read()["actortorrent.transfer.io{network.io.direction=receive}"]);
        Assert.Equal(12, _reader.Read()["actortorrent.transfer.io{network.io.direction=transmit}"]);
        Assert.Equal(0, _reader.Read()["actortorrent.torrents{actortorrent.torrent.phase=downloading}"]);
    }

    [Fact]
    public void Faults_are_counted_by_phase_cause_and_action()
    {
        _metrics.Note(Fault(FaultCause.Reset, FaultAction.Restart));
        _metrics.Note(Fault(FaultCause.Reset, FaultAction.Restart));
        _metrics.Note(Fault(FaultCause.HashFailure, FaultAction.Ban));

        var read = _reader.Read();

        Assert.Equal(2, read["actortorrent.faults{actortorrent.fault.phase=transfer,actortorrent.fault.cause=reset,actortorrent.fault.action=restart}"]);
        Assert.Equal(1, read["actortorrent.faults{actortorrent.fault.phase=transfer,actortorrent.fault.cause=hash_failure,actortorrent.fault.action=ban}"]);
        Assert.Equal(12, read["actortorrent.fault.blocks_returned"]);
    }

    [Fact]
    public void Announces_are_counted_by_what_went_wrong()
    {
        var tracker = new Uri("http://tracker.invalid/announce");
        _metrics.Note(new TorrentEvent.Announced(First, tracker, 3, null));
        _metrics.Note(new TorrentEvent.AnnounceFailed(First, tracker, new(TrackerErrorKind.Timeout, "late")));

        var read = _reader.Read();

        Assert.Equal(1, read["actortorrent.tracker.announces"]);
        Assert.Equal(1, read["actortorrent.tracker.announces{error.type=timeout}"]);
    }

    [Fact]
    public void Actors_are_counted_by_what_they_are_for()
    {
        _metrics.Note(new ActorCensus(
            DateTimeOffset.UnixEpoch,
            [
                Actor(ActorKind.Peer, 0.5, 3),
                Actor(ActorKind.Peer, 0.25, 4),
                Actor(ActorKind.Disk, 0, 0),
            ],
            Restarts: 0,
            Probes: 3));

        var read = _reader.Read();

        Assert.Equal(2, read["actortorrent.actors{actortorrent.actor.kind=peer}"]);
        Assert.Equal(7, read["actortorrent.actor.mailbox.depth{actortorrent.actor.kind=peer}"]);
        Assert.Equal(0.5, read["actortorrent.actor.mailbox.wait.max{actortorrent.actor.kind=peer}"]);
        Assert.Equal(1, read["actortorrent.actors{actortorrent.actor.kind=disk}"]);
    }

    [Fact]
    public void Names_and_units_follow_the_conventions()
    {
        var instruments = _reader.Instruments;

        Assert.All(instruments, instrument =>
        {
            Assert.Matches("^actortorrent(\\.[a-z][a-z_]*)+$", instrument.Name);
            Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name);
            // UCUM: seconds, bytes, bytes a second, or an annotation in braces.
            Assert.Matches("^(s|By|By/s|\\{[a-z]+\\})$", instrument.Unit);
            Assert.DoesNotContain("total", instrument.Name, StringComparison.Ordinal);
        });
        Assert.Equal(instruments.Count, instruments.Select(i => i.Name).Distinct().Count());
        Assert.All(_reader.Instruments.OfType<Histogram<double>>(), h => Assert.Equal("s", h.Unit));
    }

    private static ActorStatus Actor(ActorKind kind, double wait, int depth) =>
        new("x", kind, "Running", TimeSpan.FromSeconds(wait), IsWaiting: false, Restarts: 0, LastFault: null) { MailboxDepth = depth };

    private static TorrentSnapshot Snapshot(InfoHash hash, long downloaded, long uploaded) => new(
        hash, TorrentPhase.Downloading, 1000, 200, 2, 10, 0, downloaded, uploaded, 0, 7, 8, new PeerCounts(9, 1, 2, 3, 2, 1), 0);

    private static FaultJournalEntry Fault(FaultCause cause, FaultAction action) => new(
        DateTimeOffset.UnixEpoch,
        First,
        new PeerFault(1, new IPEndPoint(IPAddress.Loopback, 1), PeerDirection.Outgoing, FaultPhase.Transfer, cause, "seen"),
        new FaultDecision(action, TimeSpan.Zero, "why"),
        Attempt: 1,
        BlocksReturned: 4);
}
