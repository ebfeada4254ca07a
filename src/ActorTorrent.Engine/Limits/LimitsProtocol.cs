using ActorTorrent.Wire.Metainfo;
using Akka.Event;

namespace ActorTorrent.Engine.Limits;

/// <summary>The conversation with the <see cref="LimitsActor"/>. A session is a peer's connection; its number is unique in its torrent.</summary>
public static class LimitsProtocol
{
    /// <summary>Anyone → limits: the limits of all torrents together, from now on.</summary>
    /// <param name="Limits">The limits.</param>
    public sealed record SetLimits(RateLimits Limits);

    /// <summary>Anyone → limits: the limits of each peer, from now on.</summary>
    /// <param name="Limits">The limits.</param>
    public sealed record SetPeerLimits(RateLimits Limits);

    /// <summary>Anyone → limits: the limits of one torrent, from now on.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Limits">Its limits; null for those that every torrent starts with.</param>
    public sealed record SetTorrentLimits(InfoHash Torrent, RateLimits? Limits);

    /// <summary>Anyone → limits: how one torrent stands to the limits that it shares with others, from now on.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Terms">How.</param>
    public sealed record SetTorrentTerms(InfoHash Torrent, BandwidthTerms Terms);

    /// <summary>Anyone → limits: what the torrents of a bandwidth group may move together, from now on.</summary>
    /// <param name="Name">The group.</param>
    /// <param name="Limits">Its limits.</param>
    /// <param name="HonorsEngineLimits">Whether the limits of all torrents hold for its torrents, too.</param>
    public sealed record SetGroup(string Name, RateLimits Limits, bool HonorsEngineLimits = true);

    /// <summary>Engine → limits: a torrent is gone.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record ForgetTorrent(InfoHash Torrent);

    /// <summary>Asker → limits: so many bytes more are to be moved. Answered by one or more <see cref="Granted"/>.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Session">The connection.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Bytes">How many.</param>
    public sealed record Want(InfoHash Torrent, int Session, TransferDirection Direction, long Bytes);

    /// <summary>Limits → asker: so many bytes may be moved.</summary>
    /// <param name="Session">The connection.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Bytes">How many.</param>
    /// <param name="IsFree">Whether no limit holds: it need not ask again until <see cref="Revoked"/>.</param>
    public sealed record Granted(int Session, TransferDirection Direction, long Bytes, bool IsFree) : IDeadLetterSuppression;

    /// <summary>Limits → asker: from now on it has to ask.</summary>
    /// <param name="Session">The connection.</param>
    /// <param name="Direction">Which way.</param>
    public sealed record Revoked(int Session, TransferDirection Direction) : IDeadLetterSuppression;

    /// <summary>Asker → limits: bytes that were granted are not moved.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Session">The connection.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Bytes">How many.</param>
    public sealed record GiveBack(InfoHash Torrent, int Session, TransferDirection Direction, long Bytes) : IDeadLetterSuppression;

    /// <summary>Asker → limits: the books of a torrent differ from what was granted.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Bytes">Bytes moved without having been granted; below zero, granted and not moved.</param>
    public sealed record Settle(InfoHash Torrent, TransferDirection Direction, long Bytes) : IDeadLetterSuppression;

    /// <summary>Asker → limits: the connection is over.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="Session">The connection.</param>
    /// <param name="Direction">Which way.</param>
    public sealed record Leave(InfoHash Torrent, int Session, TransferDirection Direction) : IDeadLetterSuppression;
}
