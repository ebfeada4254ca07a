using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// One peer: a state machine Waiting → Connecting → Handshaking → Running. It owns what concerns this connection alone
/// (choke and interest, the request pipeline, the upload queue) and reports upward. A failure of the peer leaves it as a
/// <see cref="PeerFaultException"/>; what happens then is the coordinator's decision.
/// </summary>
internal sealed partial class PeerActor : ObservedActor, IWithTimers
{
    // Our id of the extension that takes back a have.
    private const byte DontHaveId = 1;
    private const byte MetadataId = 2;
    private const byte PexId = 3;

    // Requests that point outside the torrent and are merely rejected.
    private const int RequestsOutsideForgiven = 3;

    // What a change of mind weighs, of a message without use.
    private const double Flapping = 0.5;

    // After so many ticks without anything but keep-alives a connection is at rest: it looks at its deadlines this seldom, and when we want
    // nothing of the peer, only when the next one is due.
    private const int RestFactor = 5;

    private static readonly object TickKey = new();

    private readonly IPEndPoint _endPoint;
    private readonly PeerDirection _direction;
    private PeerEnvironment _environment;
    private PeerMessageLimits _limits;
    private int _session;
    private PeerLink? _link;
    private bool _isAtRest = true;
    private TimeSpan _busyAt;

    public PeerActor(PeerEnvironment environment, IPEndPoint endPoint, PeerDirection direction)
    {
        _environment = environment;
        _limits = environment.Limits;
        _endPoint = endPoint;
        _direction = direction;
        Become(Waiting);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Peer;

    public static Props Props(PeerEnvironment environment, IPEndPoint endPoint, PeerDirection direction)
        => Akka.Actor.Props.Create(() => new PeerActor(environment, endPoint, direction));

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreRestart(Exception reason, object message)
    {
        if (reason is not PeerFaultException)
            Context.Parent.Tell(new PeerProtocol.Crashed(_session, reason));
        base.PreRestart(reason, message);
    }

    /// <summary>At its end and before each restart.</summary>
    protected override void PostStop()
    {
        if (_link is null)
            return;
        // What moved since the last tick must not be lost.
        if (_link.TakeProgress(Now) is { } last)
            Context.Parent.Tell(last);
        _link.Uploads.Leave();
    }

    protected override void OnReceive(object message) => Waiting(message);

    /// <summary>No connection. What an earlier one left in the mailbox is let go.</summary>
    private void Waiting(object message)
    {
        switch (message)
        {
            case PeerProtocol.Dial dial:
                _environment = dial.Environment ?? _environment;
                Open(dial.Session, accepted: null);
                Become(Connecting);
                break;
            case PeerProtocol.Accept accept:
                Open(accept.Session, accept.Connection);
                Become(Handshaking);
                break;
            default:
                Other(message);
                break;
        }
    }

    private void Connecting(object message)
    {
        switch (message)
        {
            case PeerConnectionProtocol.Connected connected when connected.Session == _session:
                Context.Parent.Tell(new PeerProtocol.Connected(_session));
                Become(Handshaking);
                break;
            default:
                Other(message);
                break;
        }
    }

    private void Handshaking(object message)
    {
        switch (message)
        {
            case PeerConnectionProtocol.HandshakeReceived received when received.Session == _session:
                _link!.Handshake = received.Handshake;
                if (received.Handshake.PeerId == _environment.OwnId)
                    throw Fault(FaultPhase.Handshake, FaultCause.Self, "the peer id is our own");
                Context.Parent.Tell(new PeerProtocol.Established(_session, received.Handshake));
                Work(Now);
                Become(Running);
                break;
            default:
                Other(message);
                break;
        }
    }

    private void Running(object message)
    {
        var link = _link!;
        switch (message)
        {
            case PeerConnectionProtocol.Received received when received.Session == _session:
                OnReceived(link, received.Batch);
                break;
            case PeerProtocol.Request request when request.Batch.Session == _session:
                Work(Now);
                link.Request(request.Batch, Now);
                break;
            case PeerProtocol.Cancel cancel when cancel.Session == _session:
                link.Cancel(cancel.Blocks);
                Ask(link);
                break;
            case StorageProtocol.BlockRead read:
                if (!link.Uploads.Send(read))
                    read.Buffer.Dispose();
                break;
            case StorageProtocol.BlockUnreadable unreadable:
                link.Uploads.Unreadable(unreadable);
                // Each costs storage a look.
                Count(link, unreadable.IsLacking, RefusalWeight);
                break;
            case PeerConnectionProtocol.BlocksSent sent when sent.Session == _session:
                Work(Now);
                link.Uploads.Sent(sent.PayloadBytes, sent.Acknowledged, Now);
                break;
            case LimitsProtocol.Granted granted when granted.Session == _session:
                link.Uploads.Granted(granted);
                break;
            case LimitsProtocol.Revoked revoked when revoked.Session == _session:
                link.Uploads.Revoked();
                break;
            case PeerConnectionProtocol.PacedSent sent when sent.Session == _session:
                link.Metadata?.Sent(sent.Count, Served, Now);
                break;
            case PeerProtocol.AskMetadata ask when ask.Session == _session:
                link.MetadataFrom(Now).Ask(ask.Pieces);
                break;
            case PeerProtocol.TellPeers tell when tell.Session == _session:
                if (_environment.DoesPex)
                    link.Extend(PexMessage.Name, tell.Peers.Encode());
                break;
            case PeerProtocol.WeGot got:
                link.WeGot(got.Pieces, got.AreLast);
                break;
            case PeerProtocol.WeLost lost:
                link.WeLost(lost.Pieces);
                break;
            case PeerProtocol.SetUploadOnly set:
                link.SetUploadOnly(set.IsUploadOnly);
                break;
            case PeerProtocol.SetInterest interest when interest.Session == _session:
                link.SetInterest(interest.IsInterested);
                Ask(link);
                break;
            case PeerProtocol.SetChoke choke when choke.Session == _session:
                link.SetChoke(choke.IsChoking);
                break;
            case PeerProtocol.Begin begin when begin.Session == _session:
                link.Begin(
                    begin,
                    Introduction() with { IsUploadOnly = begin.IsUploadOnly ? true : null },
                    _environment.KnowsPieces ? AllowedFast.SetOf(_endPoint.Address, _environment.InfoHash, _environment.Layout.PieceCount) : []);
                break;
            case Tick:
                OnTick(link);
                break;
            default:
                Other(message);
                break;
        }
    }

    private void Other(object message)
    {
        switch (message)
        {
            case PeerConnectionProtocol.Ended ended when ended.Session == _session && _link is not null:
                throw Fault(ended.End.Phase, ended.End.Cause, ended.End.Detail, ended.End.Evidence);
            case PeerProtocol.Condemn condemn when condemn.Session == _session && _link is not null:
                throw Fault(condemn.Phase, condemn.Cause, condemn.Detail);
            case PeerProtocol.MetadataKnown known when known.Session == _session:
                OnMetadataKnown(known.Environment);
                break;
            case ConnectionGone gone:
                if (gone.Session == _session && _link is not null)
                    throw Fault(FaultPhase.Transfer, FaultCause.InternalError, "the connection's actor failed");
                break;
            case PeerConnectionProtocol.Received stale:
                stale.Batch.Release();
                break;
            case StorageProtocol.BlockRead read:
                read.Buffer.Dispose();
                break;
            case PeerProtocol.Accept late:
                late.Connection.Socket.Dispose();
                break;
            case PeerProtocol.WeGot or PeerProtocol.WeLost or PeerProtocol.SetUploadOnly or PeerProtocol.Request or PeerProtocol.Cancel or PeerProtocol.SetInterest or PeerProtocol.SetChoke
                or PeerProtocol.Begin or PeerProtocol.Condemn or PeerProtocol.MetadataKnown or PeerProtocol.AskMetadata or PeerProtocol.TellPeers
                or PeerConnectionProtocol.PacedSent or PeerConnectionProtocol.Ended or PeerConnectionProtocol.BlocksSent
                or LimitsProtocol.Granted or LimitsProtocol.Revoked or PeerConnectionProtocol.Connected or PeerConnectionProtocol.HandshakeReceived or StorageProtocol.BlockUnreadable or Tick:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Open(int session, AcceptedConnection? accepted)
    {
        _session = session;
        _limits = _environment.Limits;
        var connection = Context.ActorOf(
            PeerConnectionActor.Props(_environment, new PeerConnectionStart(session, _endPoint, accepted)),
            $"connection-{session}");
        // It says why it ends, unless it fails by a bug of ours.
        Context.WatchWith(connection, new ConnectionGone(session));
        _link = new PeerLink(_environment, session, connection, Self, Now);
    }

    private void OnReceived(PeerLink link, InboundBatch batch)
    {
        link.HeardAt = Now;
        if (HasNews(batch))
            Work(link.HeardAt);
        BlockBatch? blocks = null;
        List<PieceIndex>? got = null;
        var isHandled = false;
        try
        {
            if (link.Early is { } early)
            {
                OnReceivedEarly(link, early, batch);
                TellInterest(link);
                return;
            }
            if (batch.Limits != _limits)
                CheckAgain(batch);
            foreach (ref readonly var message in batch.Messages)
            {
                switch (message.Kind)
                {
                    case PeerMessageKind.Piece:
                        OnBlock(link, batch, message, ref blocks);
                        break;
                    case PeerMessageKind.Have:
                        link.IsPastBitfield = true;
                        if (link.SetPiece(message.Piece))
                        {
                            (got ??= []).Add(message.Piece);
                            link.HasToldSinceBitfield = true;
                        }
                        else
                        {
                            Count(link, isUseless: true);
                        }
                        if (link.Pieces!.SetCount == AllowedFast.Count)
                            link.Uploads.EndAllowedFast();
                        break;
                    case PeerMessageKind.Request:
                        OnRequest(link, message.AsBlockRequest);
                        break;
                    default:
                        OnControl(link, message);
                        break;
                }
            }
            isHandled = true;
        }
        finally
        {
            link.Uploads.TellRefused();
            // Now and never again: once the credit for its blocks is back, the connection may be filling the same batch anew.
            batch.Release();
            if (!isHandled)
                blocks?.Recycle();
        }
        if (blocks is not null)
            _environment.Storage.Tell(blocks.ToStore, ActorRefs.NoSender);
        TellInterest(link);
        link.Uploads.Pump();
        if (got is not null)
            Tell(link, got);
        Ask(link);
    }

    private void Tell(PeerLink link, List<PieceIndex> got)
    {
        // What was taken back in the same batch was told already.
        got.RemoveAll(piece => !link.Has(piece));
        if (got.Count > 0)
            Context.Parent.Tell(new PeerProtocol.PeerGot(_session, got, link.Pieces!.IsComplete));
    }

    /// <summary>What came of all that a batch said; who changes its mind within one keeps nobody busy.</summary>
    private void TellInterest(PeerLink link)
    {
        if (link.IsInterested == link.IsToldAsInterested)
            return;
        link.IsToldAsInterested = link.IsInterested;
        Context.Parent.Tell(new PeerProtocol.InterestChanged(_session, link.IsInterested));
    }

    private void OnBlock(PeerLink link, InboundBatch batch, in PeerMessage message, ref BlockBatch? blocks)
    {
        var block = message.AsBlockRequest;
        if (link.BlockArrived(block, Now))
        {
            blocks ??= _environment.Batches.Rent(_session, batch.Slab, batch.TakeCredit());
            blocks.Add(new ReceivedBlock(block, message.Payload));
            return;
        }
        var layout = _environment.Layout;
        if (block.Offset % FileLayout.BlockLength != 0 || block.Offset >= layout.PieceSize(block.Piece)
            || block.Length != layout.BlockSize(block.Piece, block.Block))
        {
            throw Fault(FaultPhase.Wire, FaultCause.MalformedMessage, $"a block of another size than any that we ask for: {block}");
        }
        Count(link, isUseless: true);
    }

    private void OnControl(PeerLink link, in PeerMessage message)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Choke:
                Count(link, isUseless: true, link.IsChokingUs ? 1 : Flapping);
                link.Choked();
                Context.Parent.Tell(new PeerProtocol.ChokeChanged(_session, true));
                break;
            case PeerMessageKind.Unchoke:
                Count(link, isUseless: true, link.IsChokingUs ? Flapping : 1);
                link.IsChokingUs = false;
                Context.Parent.Tell(new PeerProtocol.ChokeChanged(_session, false));
                break;
            case PeerMessageKind.Interested:
            case PeerMessageKind.NotInterested:
                var isInterested = message.Kind == PeerMessageKind.Interested;
                Count(link, isUseless: true, link.IsInterested == isInterested ? 1 : Flapping);
                link.IsInterested = isInterested;
                break;
            case PeerMessageKind.Bitfield:
                Availability(link, Bitfield.FromBytes(message.Payload.Span, _environment.Layout.PieceCount));
                break;
            case PeerMessageKind.HaveAll:
                Require(link, PeerCapabilities.Fast, message);
                var all = new Bitfield(_environment.Layout.PieceCount);
                all.SetAll();
                Availability(link, all);
                break;
            case PeerMessageKind.HaveNone:
                Require(link, PeerCapabilities.Fast, message);
                Availability(link, null);
                break;
            case PeerMessageKind.Cancel:
                // Who asks and takes back for ever has us refuse for ever; one of what was sent already, or never asked for, is no matter.
                link.Uploads.Cancel(message.AsBlockRequest);
                Count(link, isUseless: true, RefusalWeight);
                break;
            case PeerMessageKind.Reject:
                Require(link, PeerCapabilities.Fast, message);
                if (link.Rejected(message.AsBlockRequest, Now))
                    Context.Parent.Tell(new PeerProtocol.GaveUp(_session, [message.AsBlockRequest]));
                else
                    Count(link, isUseless: !link.RejectedLate(message.AsBlockRequest));
                break;
            case PeerMessageKind.AllowedFast:
                Require(link, PeerCapabilities.Fast, message);
                if (link.AllowsFast(message.Piece))
                    Context.Parent.Tell(new PeerProtocol.AllowsFast(_session, message.Piece));
                else
                    Count(link, isUseless: true);
                break;
            case PeerMessageKind.Suggest:
                Require(link, PeerCapabilities.Fast, message);
                // Free advice: it may be given for ever, and does not have to be of use.
                Count(link, isUseless: true, weight: 0.5);
                if (link.Has(message.Piece))
                    Context.Parent.Tell(new PeerProtocol.Suggests(_session, message.Piece));
                break;
            case PeerMessageKind.Extended:
                Require(link, PeerCapabilities.Extended, message);
                OnExtended(link, message);
                break;
            case PeerMessageKind.KeepAlive:
            case PeerMessageKind.Unknown:
                Count(link, isUseless: true);
                break;
            case PeerMessageKind.Port:
                // Clients send it whether or not we said that we have a node; once is enough.
                Count(link, isUseless: link.HasToldDhtPort);
                if (!link.HasToldDhtPort && message.Port != 0)
                    _environment.Dht.Tell(new DhtProtocol.NodeHint(new IPEndPoint(_endPoint.Address, message.Port)));
                link.HasToldDhtPort = true;
                break;
            default:
                throw new InvalidOperationException($"No rule for a {message.Kind} message.");
        }
    }

    /// <summary>
    /// Takes a bitfield; null says that the peer has nothing. One that comes late must bring news: aria2 sends one in place of many have messages. BEP 3 has it
    /// first or never.
    /// </summary>
    private void Availability(PeerLink link, Bitfield? pieces)
    {
        var (count, known) = (pieces?.SetCount ?? 0, link.Pieces?.SetCount ?? 0);
        var isNews = count > known || (link.HasToldSinceBitfield && count == known);
        var isLess = link.Pieces is { IsEmpty: false } before && (pieces is null || before.HasAnyNotIn(pieces));
        if (link.IsPastBitfield && (isLess || !isNews))
            throw Fault(FaultPhase.Wire, FaultCause.BadBitfield, "a second bitfield that brings no news");
        Count(link, link.IsPastBitfield);
        link.HasToldSinceBitfield = false;
        link.IsPastBitfield = true;
        link.Pieces = pieces;
        if (count >= AllowedFast.Count)
            link.Uploads.EndAllowedFast();
        Context.Parent.Tell(new PeerProtocol.PeerHas(_session, pieces?.Clone()));
    }

    private void OnRequest(PeerLink link, BlockRequest block)
    {
        var layout = _environment.Layout;
        var isInside = (uint)block.Piece.Value < (uint)layout.PieceCount && block.Offset >= 0 && block.Length >= 0
            && (long)block.Offset + block.Length <= layout.PieceSize(block.Piece);
        if (!isInside)
        {
            link.Uploads.Refuse(block);
            if (++link.RequestsOutside > RequestsOutsideForgiven)
                throw Fault(FaultPhase.Wire, FaultCause.IndexOutOfRange, $"a request for {block}, outside the torrent, the {link.RequestsOutside}th of its kind");
        }
        else if (block.Length is 0 or > FileLayout.BlockLength)
        {
            Count(link, isUseless: true, weight: 10);
            link.Uploads.Refuse(block);
        }
        else if (!link.Uploads.Enqueue(block))
        {
            // Clients that ask far ahead run over the queue, and requests cross our choke: that is forgiven longer.
            Count(link, isUseless: true, RefusalWeight);
        }
    }

    /// <summary>Asks the coordinator for blocks when the pipeline has room for a batch.</summary>
    private void Ask(PeerLink link)
    {
        if (link.Want(Now) is { } want)
            Context.Parent.Tell(want);
    }

    /// <summary>Whether there is more in it than signs of life.</summary>
    private static bool HasNews(InboundBatch batch)
    {
        foreach (ref readonly var message in batch.Messages)
        {
            if (message.Kind != PeerMessageKind.KeepAlive)
                return true;
        }
        return false;
    }

    /// <summary>Something happens: deadlines are looked at each tick.</summary>
    private void Work(TimeSpan now)
    {
        _busyAt = now;
        if (!_isAtRest)
            return;
        _isAtRest = false;
        Timers.StartPeriodicTimer(TickKey, Tick.Instance, _environment.Options.Tick);
    }

    /// <summary>Nothing happens: the next look is when silence, ours or the peer's, has lasted long enough to matter, or when we may ask again.</summary>
    private void Rest(PeerLink link, TimeSpan now)
    {
        _isAtRest = true;
        var least = _environment.Options.Tick * RestFactor;
        var silent = link.HeardAt + _environment.Options.InactivityTimeout;
        var due = (silent < link.KeepAliveAt ? silent : link.KeepAliveAt) - now;
        Timers.StartSingleTimer(TickKey, Tick.Instance, due < least || link.AreWeInterested || link.Metadata is not null ? least : due);
    }

    private void OnTick(PeerLink link)
    {
        var now = Now;
        link.Tick(now);
        link.Metadata?.Pump(Served, now);
        if (now - link.HeardAt > _environment.Options.InactivityTimeout)
            throw Fault(FaultPhase.Transfer, FaultCause.Idle, FormattableString.Invariant($"silent for {(now - link.HeardAt).TotalSeconds:0} s"));
        var progress = link.TakeProgress(now);
        if (progress is not null)
            Context.Parent.Tell(progress);
        if (progress is null && !link.OwesBlocks && now - _busyAt > _environment.Options.Tick * RestFactor)
        {
            link.Uploads.Rest();
            Rest(link, now);
        }
        else if (_isAtRest)
        {
            Work(now);
        }
        if (link.OverdueBlocks(now) is { Count: > 0 } overdue)
        {
            if (link.BecomeSnubbed())
            {
                throw Fault(
                    FaultPhase.Transfer,
                    FaultCause.Snubbed,
                    FormattableString.Invariant($"owes {overdue.Count} blocks and sent none for {_environment.Options.SnubTimeout.TotalSeconds:0.#} s"));
            }
            Context.Parent.Tell(new PeerProtocol.GaveUp(_session, overdue));
        }
        Ask(link);
    }

    private void Require(PeerLink link, PeerCapabilities capability, in PeerMessage message)
    {
        if (!link.HasNegotiated(capability))
            throw Fault(FaultPhase.Wire, FaultCause.UnexpectedMessage, $"a {message.Kind} message without having negotiated {capability}");
    }

    private void Count(PeerLink link, bool isUseless, double weight = 1)
    {
        if (isUseless && !link.Forgive(weight))
            throw Fault(FaultPhase.Wire, FaultCause.Flood, $"more than {_environment.Options.UselessMessagesPerMinute} messages without use in a minute");
    }

    private PeerFaultException Fault(FaultPhase phase, FaultCause cause, string detail, ReadOnlyMemory<byte> evidence = default)
    {
        var client = _link?.Extensions?.Client ?? (_link?.Handshake is { } handshake ? PeerClient.Describe(handshake.PeerId) : null);
        Context.GetLogger().Debug("{0} fails: {1} {2}: {3}", _endPoint, phase, cause, detail);
        return new(new PeerFault(_session, _endPoint, _direction, phase, cause, detail, client, evidence));
    }

    private double RefusalWeight => _environment.Options.UselessMessagesPerMinute / (4.0 * _environment.Options.MaxQueuedRequests);

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    private sealed record ConnectionGone(int Session) : IDeadLetterSuppression;

    private sealed record Tick : INotInfluenceReceiveTimeout
    {
        public static readonly Tick Instance = new();
    }
}
