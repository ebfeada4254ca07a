using ActorTorrent.Engine.Limits;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>
/// The download limits. A block is paid for when it is requested, not when it comes: no peer is made to wait with data that nobody reads,
/// and other messages are not held up.
/// </content>
internal sealed partial class TorrentCoordinator
{
    // Asked of the limits at once for one peer; more would only be held back from others.
    private const int MostBlocksAskedFor = 16;

    private long _paid;

    private void ReceiveLimits()
    {
        Receive<LimitsProtocol.Granted>(granted => WithSession(granted.Session, peer =>
        {
            peer.Lease?.Granted(granted);
            if (peer.Hungry > 0)
                Feed(peer, peer.Hungry);
            else
                peer.Lease?.GiveBack();
        }));
        Receive<LimitsProtocol.Revoked>(revoked => WithSession(revoked.Session, peer =>
        {
            peer.Lease?.Revoke();
            Settle((long)_picker.Outstanding(peer.Session) * FileLayout.BlockLength);
        }));
    }

    private BandwidthLease NewLease(PeerRecord peer) => new(_engine.Limits, Self, InfoHash, peer.Session, TransferDirection.Download);

    /// <summary>How many blocks the limits allow a peer now. Asks for more when they are fewer than wanted.</summary>
    private int Allowed(PeerRecord peer, int count)
    {
        var lease = peer.Lease ??= NewLease(peer);
        var allowed = (int)Math.Min(count, lease.Available / FileLayout.BlockLength);
        if (allowed == 0)
            lease.Need(BytesFor(count));
        return allowed;
    }

    /// <summary>Pays for the blocks picked for a peer. Returns how many more it waits for, because of the limits alone.</summary>
    private int Pay(PeerRecord peer, int count, int allowed, List<BlockRequest> picked)
    {
        var bytes = 0L;
        foreach (var block in picked)
            bytes += block.Length;
        peer.Lease!.TryTake(bytes);
        _paid += bytes;
        var left = count - allowed;
        if (picked.Count < allowed || left == 0)
        {
            // What is left over is of no use to it now.
            peer.Lease.GiveBack();
            return 0;
        }
        peer.Lease.Need(BytesFor(left));
        return left;
    }

    /// <summary>Brings the limits' books into line: requests that were taken back are not paid for, late blocks are.</summary>
    private void SettlePayments()
    {
        var moved = _downloaded + _picker.OutstandingBytes;
        Settle(moved - _paid);
        _paid = moved;
    }

    private void Settle(long bytes)
    {
        if (bytes != 0)
            _engine.Limits.Tell(new LimitsProtocol.Settle(InfoHash, TransferDirection.Download, bytes));
    }

    private static long BytesFor(int blocks) => (long)Math.Min(blocks, MostBlocksAskedFor) * FileLayout.BlockLength;
}
