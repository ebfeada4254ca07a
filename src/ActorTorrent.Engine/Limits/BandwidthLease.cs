using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Limits;

/// <summary>
/// What one connection may move in one direction, as far as the <see cref="LimitsActor"/> has granted it. Owned by the actor that asks:
/// it hands on <see cref="LimitsProtocol.Granted"/> and <see cref="LimitsProtocol.Revoked"/>.
/// </summary>
internal sealed class BandwidthLease
{
    private readonly IActorRef _limits;
    private readonly IActorRef _self;
    private readonly InfoHash _torrent;
    private readonly int _session;
    private readonly TransferDirection _direction;
    private long _left;
    private long _asked;
    private bool _isKnown;

    /// <param name="limits">The <see cref="LimitsActor"/>; nobody for no limits at all.</param>
    /// <param name="self">The actor that is answered.</param>
    /// <param name="torrent">The torrent.</param>
    /// <param name="session">The connection.</param>
    /// <param name="direction">Which way.</param>
    public BandwidthLease(IActorRef limits, IActorRef self, InfoHash torrent, int session, TransferDirection direction)
    {
        _limits = limits;
        _self = self;
        _torrent = torrent;
        _session = session;
        _direction = direction;
        IsFree = limits.IsNobody();
    }

    /// <summary>Whether no limit holds.</summary>
    public bool IsFree { get; private set; }

    /// <summary>How many bytes may be moved now.</summary>
    public long Available => IsFree ? long.MaxValue : _left;

    /// <summary>Whether an answer is awaited.</summary>
    public bool IsAsking => _asked > 0;

    /// <summary>Takes bytes, all or none.</summary>
    public bool TryTake(long bytes)
    {
        if (IsFree)
            return true;
        if (_left < bytes)
            return false;
        _left -= bytes;
        return true;
    }

    /// <summary>Sees to it that so many bytes can be taken sooner or later.</summary>
    public void Need(long bytes)
    {
        var more = bytes - _left - _asked;
        if (IsFree || more <= 0)
            return;
        _asked += more;
        _isKnown = true;
        _limits.Tell(new LimitsProtocol.Want(_torrent, _session, _direction, more), _self);
    }

    /// <summary>Books an answer.</summary>
    public void Granted(LimitsProtocol.Granted granted)
    {
        _asked = Math.Max(0, _asked - granted.Bytes);
        IsFree = granted.IsFree;
        _left = IsFree ? 0 : _left + granted.Bytes;
    }

    /// <summary>From now on it has to be asked for.</summary>
    public void Revoke() => IsFree = false;

    /// <summary>Gives back bytes that were taken and not moved.</summary>
    public void Untake(long bytes)
    {
        if (!IsFree)
            _left += bytes;
    }

    /// <summary>Gives back all that is left: nothing is to be moved now.</summary>
    public void GiveBack()
    {
        if (_left <= 0)
            return;
        _limits.Tell(new LimitsProtocol.GiveBack(_torrent, _session, _direction, _left), _self);
        _left = 0;
    }

    /// <summary>The connection is over.</summary>
    public void Leave()
    {
        GiveBack();
        if (_isKnown)
            _limits.Tell(new LimitsProtocol.Leave(_torrent, _session, _direction), _self);
    }
}
