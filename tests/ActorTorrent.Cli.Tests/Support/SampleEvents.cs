using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>What an engine could publish.</summary>
internal static class SampleEvents
{
    public static readonly Uri Tracker = new("http://t.example/announce");

    public static TorrentSnapshot Snapshot { get; } = new(
        Hash, TorrentPhase.Downloading, 4 << 20, 1 << 20, 4, 16, 16, 2 << 20, 3 << 20, 4096, 512 << 10, 1024, new PeerCounts(9, 3, 2, 4, 1, 1), 7)
    {
        Swarm = new SwarmNumbers(11, 12, null),
    };

    public static FaultJournalEntry Fault { get; } = new(
        DateTimeOffset.UnixEpoch,
        Hash,
        new PeerFault(
            1, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 6881), PeerDirection.Outgoing, FaultPhase.Transfer, FaultCause.Reset, "gone \u001b[2J",
            "Client\u00071"),
        new FaultDecision(FaultAction.Restart, TimeSpan.FromMilliseconds(1_500), "failure 1 in a row"),
        Attempt: 1,
        BlocksReturned: 40);

    public static TorrentEvent[] Happenings { get; } =
    [
        new TorrentEvent.Checked(Hash, 3, 16),
        new TorrentEvent.Announced(Hash, Tracker, 12, Warning: null),
        new TorrentEvent.Announced(Hash, Tracker, 0, "slow \u001bdown"),
        new TorrentEvent.AnnounceFailed(Hash, Tracker, new TrackerError(TrackerErrorKind.Refused, "nobody listens")),
        new TorrentEvent.TrackerSkipped(Hash, Tracker, "its scheme"),
        new TorrentEvent.PieceFailed(Hash, new PieceIndex(5), 2),
        new TorrentEvent.DiskFailed(Hash, new DiskFault("read", "/data/a\u001b", "It was there and is gone.", IsFatal: false)),
        new TorrentEvent.DiskRecovered(Hash),
    ];

    public static ActorCensus Census { get; } = new(
        DateTimeOffset.UnixEpoch,
        [
            new ActorStatus("", ActorKind.Engine, "Running", TimeSpan.FromMilliseconds(0.25), IsWaiting: false, Restarts: 0, LastFault: null),
            new ActorStatus("torrent-ab", ActorKind.Coordinator, "Active", TimeSpan.FromMilliseconds(1_250), IsWaiting: true, Restarts: 1, LastFault: null),
            new ActorStatus(
                "torrent-ab/peer-7",
                ActorKind.Peer,
                "Handshaking",
                TimeSpan.Zero,
                IsWaiting: false,
                Restarts: 3,
                new ActorFault(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "reset \u001b[2J")),
        ],
        Restarts: 4,
        Probes: 12);

    public static Dictionary<FaultCause, long> Faults { get; } = new() { [FaultCause.Reset] = 2, [FaultCause.ConnectTimeout] = 1 };

    private static InfoHash Hash => new(new byte[20]);
}
