using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>Whom to let in, and which connection of two to keep. Pure: everything is passed in.</summary>
internal static class ConnectionPolicy
{
    /// <summary>
    /// What to do with a peer that dials us. When there is no more room, a peer that neither gives nor takes and whose canonical priority
    /// (BEP 40) is lower makes room; one that came just now is spared.
    /// </summary>
    /// <param name="newcomer">Where it comes from.</param>
    /// <param name="own">Where others see us; null while that is not known.</param>
    /// <param name="connected">The connections there are.</param>
    /// <param name="maxPeers">How many there may be.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The present.</param>
    public static Admission Admit(
        IPEndPoint newcomer, IPEndPoint? own, IReadOnlyCollection<PeerRecord> connected, int maxPeers, TorrentOptions options, TimeSpan now)
    {
        if (connected.Count(peer => peer.Direction == PeerDirection.Incoming && peer.EndPoint.Address.Equals(newcomer.Address)) >= options.MaxPeersPerAddress)
            return Admission.Refuse($"{options.MaxPeersPerAddress} connections from this address already");
        if (connected.Count < maxPeers)
            return Admission.Welcome;
        var idlest = connected
            .Where(peer => IsIdle(peer) && now - peer.RunningSince >= options.EvictionGrace)
            .MinBy(peer => Priority(own, peer.EndPoint));
        return idlest is not null && Priority(own, idlest.EndPoint) < Priority(own, newcomer)
            ? Admission.InPlaceOf(idlest)
            : Admission.Refuse("as many connections as allowed");
    }

    /// <summary>
    /// Of two connections to the same peer, whether the newer one stays. When both sides dialled at the same moment, each must come to the
    /// same answer or both connections end: the side with the greater peer id is the one that dialled. Who comes from elsewhere may merely say
    /// that it is that peer: then the older one stays.
    /// </summary>
    public static bool NewerStays(PeerRecord older, PeerRecord newer, PeerId own, PeerId peer, TimeSpan now, TimeSpan moment)
    {
        if (older.Direction == newer.Direction || !older.EndPoint.Address.Equals(newer.EndPoint.Address) || now - older.RunningSince > moment)
            return false;
        var kept = own.CompareTo(peer) > 0 ? PeerDirection.Outgoing : PeerDirection.Incoming;
        return newer.Direction == kept;
    }

    /// <summary>Whether neither side will ever want anything of the other: both have all that they want (BEP 21).</summary>
    public static bool IsPointless(PeerRecord peer, bool weWantPieces) =>
        !weWantPieces && (peer.IsSeed || peer.Extensions?.IsUploadOnly == true);

    private static bool IsIdle(PeerRecord peer) => peer is { State: PeerState.Running, DownloadRate: < 1, UploadRate: < 1, Hungry: 0 };

    private static uint Priority(IPEndPoint? own, IPEndPoint peer) => own is null ? 0 : PeerPriority.Of(own, peer);
}
