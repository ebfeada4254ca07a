using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>Telling peers of peers (BEP 11), and believing them as far as is sound.</content>
internal sealed partial class TorrentCoordinator
{
    private void ReceivePex() => Receive<PeerProtocol.PeersTold>(told => WithSession(told.Session, peer =>
    {
        Know(told.Peers, PeerSource.Pex, PeerDirectory.IsLocal(peer.EndPoint.Address));
        DialMore();
    }));

    /// <summary>Once a tick: whose turn it is hears who came and who went. While the metadata is missing, the torrent may yet be private.</summary>
    private void TellPeers()
    {
        if (!HasMetadata || IsPrivate || !_engine.Options.Pex.IsEnabled)
            return;
        Dictionary<IPEndPoint, PexFlags>? everybody = null;
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running && !(peer.Pex?.NextAt > Now) && peer.Extensions?.Extensions.GetValueOrDefault(PexMessage.Name) is > 0)
                TellPeers(peer, everybody ??= Everybody());
        }
    }

    private void TellPeers(PeerRecord peer, Dictionary<IPEndPoint, PexFlags> everybody)
    {
        var isLocal = PeerDirectory.IsLocal(peer.EndPoint.Address);
        var itself = _directory.Find(peer.EndPoint)?.EndPoint;
        // Addresses that mean something in our network alone are told only there.
        var others = everybody
            .Where(other => !other.Key.Equals(itself) && (isLocal || !PeerDirectory.IsLocal(other.Key.Address)))
            .ToDictionary();
        var book = peer.Pex ??= new PexBook();
        if (book.Next(others) is not { } message)
            return;
        book.NextAt = Now + _engine.Options.Pex.Interval;
        peer.Actor.Tell(new PeerProtocol.TellPeers(peer.Session, message));
    }

    /// <summary>The connected peers that others can dial.</summary>
    private Dictionary<IPEndPoint, PexFlags> Everybody()
    {
        var everybody = new Dictionary<IPEndPoint, PexFlags>();
        foreach (var peer in _sessions.Values)
        {
            if (peer.State != PeerState.Running || _directory.Find(peer.EndPoint) is not { IsDialable: true, EndPoint: var endPoint })
                continue;
            var flags = peer.Direction == PeerDirection.Outgoing ? PexFlags.Reachable : PexFlags.None;
            everybody[endPoint] = peer.IsSeed || peer.Extensions?.IsUploadOnly == true ? flags | PexFlags.Seed : flags;
        }
        return everybody;
    }
}
