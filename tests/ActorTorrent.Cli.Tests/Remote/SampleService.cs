using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Tests.Remote;

/// <summary>Things that a service might say.</summary>
internal static class SampleService
{
    public static TorrentResource Torrent(int id, string name, string? hash = null) => new()
    {
        Id = id,
        InfoHash = hash ?? new string((char)('a' + (id % 6)), 40),
        Name = name,
        Phase = "downloading",
        Folder = "/srv",
        Size = 5_000_000_000,
        Wanted = 5_000_000_000,
        Verified = 2_345_000_000,
        Progress = 0.469,
        DownloadRate = 12_345_678 / id,
        UploadRate = 987_654 / id,
        Peers = new PeerCountsResource(200, 120, 12, 48, 4, 30),
        Faults = 1_234,
        Eta = 215,
    };

    public static PeerResource Peer(int number) => new()
    {
        Address = $"203.0.113.{number}:51413",
        Client = "Transmission 4.0.4",
        Direction = "outgoing",
        State = number % 5 == 0 ? "handshaking" : "running",
        Sources = ["tracker"],
        Flags = "DuHX",
        Progress = 1,
        DownloadRate = 1_000_000.0 / number,
        UploadRate = 5_000,
        Failures = 2,
    };

    public static FaultResource Fault(int number) => new()
    {
        Number = number,
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Torrent = new string('b', 40),
        Address = "203.0.113.9:51413",
        Direction = "outgoing",
        Source = "tracker",
        Phase = "transfer",
        Cause = "reset",
        Detail = "the connection was reset by the peer\u001b[31m in the middle of a block that was asked for long ago",
        Action = "restart",
        Reason = "transient",
        Attempt = 1,
        Delay = 10,
        BlocksReturned = 12,
    };

    public static TopState State(int torrents, int peers, int faults) => new(
        new Uri("http://127.0.0.1:9091/"),
        new SessionResource { Version = "0.1.0", DownloadFolder = "/srv", Uptime = 3723, Torrents = torrents, Active = 3, Paused = 1, DownloadRate = 23_000_000, UploadRate = 1_900_000, FreeSpace = 1L << 40 },
        [.. Enumerable.Range(1, torrents).Select(static id => Torrent(id, id == 2 ? "映画の非常に長い名前で端末の幅を超えるもの" : $"A torrent with a rather long name, number {id}"))],
        [new PeersResource(1, new string('b', 40), [.. Enumerable.Range(1, peers).Select(Peer)])],
        [.. Enumerable.Range(1, faults).Select(Fault)]);
}
