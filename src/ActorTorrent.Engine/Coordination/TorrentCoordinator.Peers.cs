using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <content>Finding, dialling and feeding peers.</content>
internal sealed partial class TorrentCoordinator
{
    // Suggestions of one peer that are kept: the latest say best what it has ready.
    private const int MaxSuggested = 16;

    // How long to wait when too many were dialled of late.
    private static readonly TimeSpan DialPace = TimeSpan.FromMilliseconds(100);

    private readonly PeerDirectory _directory;
    private readonly Choker _choker;
    private readonly List<IPEndPoint> _named = [];
    private readonly Dictionary<int, PeerRecord> _peers = [];
    private readonly Dictionary<int, PeerRecord> _sessions = [];
    private readonly Dictionary<IPEndPoint, PeerRecord> _outgoing = [];
    private readonly List<(int Peer, BlockRequest Block)> _cancels = [];
    private readonly List<PieceIndex> _newPieces = [];
    private readonly List<PeerRecord> _hungry = [];
    private readonly OwnAddress _ownAddress = new();
    private SuperSeeder? _superSeeder;
    private bool _isFeedDue;
    private double _dialAllowance = double.MaxValue;
    private TimeSpan _dialsFilledAt;
    private TimeSpan _dialsAt;
    private int _lastNumber;
    private int _lastSession;

    private int MaxPeers => _maxPeers ?? _engine.Options.Torrent.MaxPeers;

    private void ReceivePeers()
    {
        Receive<PeerProtocol.WantBlocks>(want =>
        {
            if (_sessions.TryGetValue(want.Session, out var peer))
                Feed(peer, want.Count);
        });
        Receive<PeerProtocol.Progress>(OnProgress);
        Receive<PeerProtocol.PeerGot>(got => WithSession(got.Session, peer =>
        {
            foreach (var piece in got.Pieces)
            {
                _picker.PeerHas(peer.Session, piece);
                Show(_superSeeder?.PeerHas(peer.Session, piece));
            }
            peer.IsSeed = got.HasAll;
            if (!DismissIfPointless(peer))
                OnAvailability(peer);
        }));
        Receive<PeerProtocol.PeerHas>(has => WithSession(has.Session, peer =>
        {
            _picker.PeerHas(peer.Session, has.Pieces ?? new Bitfield(_layout.PieceCount));
            peer.IsSeed = has.Pieces is { IsComplete: true };
            if (_superSeeder is not null && has.Pieces is not null)
            {
                foreach (var piece in has.Pieces)
                    Show(_superSeeder.PeerHas(peer.Session, piece));
            }
            DiscardPieces();
            if (!DismissIfPointless(peer))
                OnAvailability(peer);
        }));
        Receive<PeerProtocol.AllowsFast>(allows => WithSession(allows.Session, peer =>
        {
            (peer.AllowedFast ??= []).Add(allows.Piece);
            if (peer.Hungry > 0)
                Feed(peer, peer.Hungry);
        }));
        Receive<PeerProtocol.Suggests>(suggests => WithSession(suggests.Session, peer =>
        {
            var suggested = peer.Suggested ??= [];
            if (suggested.Contains(suggests.Piece))
                return;
            if (suggested.Count == MaxSuggested)
                suggested.RemoveAt(0);
            suggested.Add(suggests.Piece);
        }));
        Receive<PeerProtocol.PeerLost>(lost => WithSession(lost.Session, peer =>
        {
            _picker.PeerLost(peer.Session, lost.Piece);
            peer.IsSeed = false;
            DiscardPieces();
            UpdateInterest(peer);
            FeedHungry();
        }));
        Receive<PeerProtocol.GaveUp>(gaveUp => WithSession(gaveUp.Session, peer =>
        {
            foreach (var block in gaveUp.Blocks)
                _picker.Return(peer.Session, block);
            DiscardPieces();
            FeedHungry();
        }));
        Receive<PeerProtocol.ChokeChanged>(choke => WithSession(choke.Session, peer =>
        {
            peer.IsChokingUs = choke.IsChoking;
            if (!choke.IsChoking)
            {
                // It was given what it allows while choking; now there is more.
                if (peer.Hungry > 0)
                    Feed(peer, peer.Hungry);
                return;
            }
            peer.Hungry = 0;
            _picker.ReturnAll(peer.Session);
            DiscardPieces();
            FeedHungry();
        }));
        Receive<PeerProtocol.InterestChanged>(interest => WithSession(interest.Session, peer =>
        {
            peer.IsInterested = interest.IsInterested;
            FillSlotsSoon();
        }));
        Receive<PeerProtocol.Connected>(connected => WithSession(connected.Session, peer =>
        {
            peer.State = PeerState.Handshaking;
            peer.Trace?.Connected();
            DialMore();
        }));
        Receive<PeerProtocol.Established>(established => WithSession(established.Session, peer => OnEstablished(peer, established.Handshake)));
        Receive<PeerProtocol.Introduced>(introduced => WithSession(introduced.Session, peer => OnIntroduced(peer, introduced.Extensions)));
        Receive<PeerProtocol.Crashed>(OnCrashed);
        Receive<PeerEnded>(ended => Forget(ended.Number));
        Receive<CoordinatorProtocol.Incoming>(OnIncoming);
        Receive<CoordinatorProtocol.FilterChanged>(_ => ApplyFilter());
        Receive<DialDue>(_ => DialMore());
        Receive<SlotsDue>(_ =>
        {
            _areSlotsDue = false;
            FillSlots();
        });
        Receive<FeedDue>(_ =>
        {
            _isFeedDue = false;
            FeedHungry();
        });
    }

    private void WithSession(int session, Action<PeerRecord> then)
    {
        if (_sessions.TryGetValue(session, out var peer))
            then(peer);
    }

    private PeerDirectory NewDirectory() => new(
        new PeerDirectoryOptions { Capacity = _engine.Options.Torrent.KnownPeers, GivenUpPause = _engine.Options.Faults.MaxRetryDelay }.Validated(), _random, _engine.Budgets.Directories)
    {
        Forgotten = OnForgotten,
    };

    /// <summary>An endpoint made room for others: its actor would wait for ever to be told to dial again.</summary>
    private void OnForgotten(IPEndPoint endPoint)
    {
        if (_outgoing.TryGetValue(endPoint, out var peer) && peer.Session == 0)
            Stop(peer);
    }

    private void Know(IEnumerable<IPEndPoint> endPoints, PeerSource source, bool isLocal)
    {
        // A private torrent's peers come from its trackers and its user alone (BEP 27).
        if (IsPrivate && source is (PeerSource.Dht or PeerSource.Pex or PeerSource.Lsd))
            return;
        foreach (var endPoint in endPoints)
        {
            if (_engine.IsOwn(endPoint))
                _directory.Self(endPoint);
            else if (_engine.Bans.ReasonFor(endPoint.Address) is null && !_engine.Filter.Blocks(endPoint.Address))
                _directory.Add(endPoint, source, isLocal, Now);
        }
    }

    private void OnPeersFound(TrackerProtocol.PeersFound found)
    {
        Know(found.Peers, PeerSource.Tracker, found.TrackerIsLocal);
        DialMore();
    }

    /// <summary>Dials what the directory says is due, within the limits, and wakes up for what is due later.</summary>
    private void DialMore()
    {
        if (_rest is not null)
            return;
        var options = _engine.Options.Torrent;
        var now = Now;
        if (now < _directory.DueFrom)
        {
            DialAt(_directory.DueFrom, now);
            return;
        }
        var room = Math.Min(MaxPeers - _sessions.Count, options.HalfOpen - _sessions.Values.Count(p => p.State == PeerState.Connecting));
        room = Math.Min(room, _engine.Connections.Free);
        if (room <= 0)
            return;
        _dialAllowance = Math.Min(options.HalfOpen, _dialAllowance + ((now - _dialsFilledAt).TotalSeconds * options.DialsPerSecond));
        _dialsFilledAt = now;
        if (_dialAllowance < 1)
        {
            DialAt(now + DialPace, now);
            return;
        }
        foreach (var candidate in _directory.TakeCandidates(Math.Min(room, (int)_dialAllowance), now))
        {
            _dialAllowance--;
            Dial(candidate.EndPoint);
        }
        DialAt(_directory.DueFrom, now);
    }

    /// <summary>Looks again when the next one is due, unless that happens before anyway.</summary>
    private void DialAt(TimeSpan due, TimeSpan now)
    {
        if (due <= now || due == TimeSpan.MaxValue || (_dialsAt > now && _dialsAt <= due && Timers.IsTimerActive(nameof(DialDue))))
            return;
        _dialsAt = due;
        Timers.StartSingleTimer(nameof(DialDue), DialDue.Instance, due - now);
    }

    private void Dial(IPEndPoint endPoint)
    {
        if (_engine.Filter.Blocks(endPoint.Address))
        {
            // The list may be another by then.
            _directory.Disconnected(endPoint, retryAt: Now + _engine.Options.Faults.MaxRetryDelay);
            return;
        }
        // Another torrent found it guilty since we heard of it.
        if (_engine.Bans.ReasonFor(endPoint.Address) is { } guilt)
        {
            _directory.Disconnected(endPoint, retryAt: null);
            _directory.Ban(endPoint, guilt);
            return;
        }
        if (!_outgoing.TryGetValue(endPoint, out var peer))
        {
            peer = Spawn(endPoint, PeerDirection.Outgoing);
            _outgoing.Add(endPoint, peer);
        }
        OpenSession(peer, PeerState.Connecting);
        peer.Actor.Tell(new PeerProtocol.Dial(peer.Session) { Environment = _environment });
    }

    private void OnIncoming(CoordinatorProtocol.Incoming incoming)
    {
        if ((_directory.BanReason(incoming.EndPoint) ?? _engine.Bans.ReasonFor(incoming.EndPoint.Address)) is { } ban)
        {
            Refuse(incoming, FaultCause.Banned, ban);
            return;
        }
        var admission = ConnectionPolicy.Admit(
            incoming.EndPoint, OwnEndPoint(incoming.EndPoint.AddressFamily), _sessions.Values, MaxPeers, _engine.Options.Torrent, Now);
        if (!admission.IsWelcome)
        {
            Refuse(incoming, FaultCause.ConnectionLimit, admission.Reason!);
            return;
        }
        if (admission.Evicted is { } evicted)
        {
            _log.Debug("{0} makes room for {1}", evicted.EndPoint, incoming.EndPoint);
            Dismiss(evicted, retryAt: Now + _engine.Options.Faults.MaxRetryDelay);
        }
        _directory.Add(incoming.EndPoint, PeerSource.Incoming, allowLocal: true);
        var peer = Spawn(incoming.EndPoint, PeerDirection.Incoming);
        OpenSession(peer, PeerState.Handshaking);
        peer.Actor.Tell(new PeerProtocol.Accept(peer.Session, incoming.Connection));
    }

    private void Refuse(CoordinatorProtocol.Incoming incoming, FaultCause cause, string reason)
    {
        _log.Debug("{0} is refused: {1}", incoming.EndPoint, reason);
        incoming.Connection.Socket.Dispose();
        var client = PeerClient.Describe(incoming.Connection.Handshake.PeerId);
        if (_engine.Refusals.Count(incoming.EndPoint, InfoHash, cause, reason, client) is { } entry)
            Record(entry);
    }

    /// <summary>Who is named by the filter from now on is left.</summary>
    private void ApplyFilter()
    {
        foreach (var peer in _sessions.Values.ToArray())
        {
            if (_engine.Filter.Blocks(peer.EndPoint.Address))
                Condemn(peer, FaultPhase.Transfer, FaultCause.Filtered, "the IP filter names its address from now on");
        }
    }

    private PeerRecord Spawn(IPEndPoint endPoint, PeerDirection direction)
    {
        var number = ++_lastNumber;
        var actor = Context.ActorOf(PeerActor.Props(_environment!, endPoint, direction), $"peer-{number}");
        Context.WatchWith(actor, new PeerEnded(number));
        var peer = new PeerRecord(number, actor, endPoint, direction);
        _peers.Add(number, peer);
        return peer;
    }

    private void OpenSession(PeerRecord peer, PeerState state)
    {
        peer.BeginSession(++_lastSession, state);
        peer.Trace = PeerTrace.Begin(_engine.Metrics, InfoHash, peer);
        _sessions.Add(peer.Session, peer);
        _engine.Connections.Take();
        _directory.Connected(peer.EndPoint, peer.Number);
    }

    private void OnEstablished(PeerRecord peer, Handshake handshake)
    {
        foreach (var other in _sessions.Values)
        {
            if (other != peer && other.State == PeerState.Running && other.Handshake?.PeerId == handshake.PeerId)
            {
                if (!ConnectionPolicy.NewerStays(other, peer, _engine.OwnId, handshake.PeerId, Now, _engine.Options.Peer.HandshakeTimeout))
                {
                    Condemn(peer, FaultPhase.Handshake, FaultCause.Duplicate, $"the same peer id as {other.EndPoint}");
                    return;
                }
                Condemn(other, FaultPhase.Handshake, FaultCause.Duplicate, $"the same peer id as {peer.EndPoint}, dialled at the same moment");
            }
        }
        peer.Handshake = handshake;
        peer.State = PeerState.Running;
        peer.RunningSince = Now;
        peer.Trace?.Introduced(handshake);
        _directory.Identified(peer.EndPoint, handshake.PeerId);
        _picker.AddPeer(peer.Session);
        _picker.SetParole(peer.Session, _directory.IsOnParole(peer.EndPoint));
        if (_spec.IsSuperSeeding && HasMetadata && _picker.Have.IsComplete)
        {
            _superSeeder ??= new SuperSeeder(_layout.PieceCount, _random);
            peer.Actor.Tell(new PeerProtocol.Begin(peer.Session, new Bitfield(_layout.PieceCount).ToBytes(), HaveCount: 0, IsUploadOnly: false));
            if (_superSeeder.Add(peer.Session) is { } first)
                Show([(peer.Session, first)]);
            return;
        }
        peer.Actor.Tell(new PeerProtocol.Begin(peer.Session, _picker.Have.ToBytes(), _picker.Have.SetCount, IsComplete));
    }

    /// <summary>Tells peers of the pieces that they are to hear of next.</summary>
    private void Show(IReadOnlyList<(int Peer, PieceIndex Piece)>? next)
    {
        foreach (var (session, piece) in next ?? [])
        {
            if (_sessions.TryGetValue(session, out var peer))
                peer.Actor.Tell(new PeerProtocol.WeGot([piece], AreLast: false));
        }
    }

    private void OnIntroduced(PeerRecord peer, ExtensionHandshake extensions)
    {
        peer.Extensions = extensions;
        if (peer.Direction == PeerDirection.Incoming && extensions.ListenPort is { } port)
            _directory.LearnListenPort(peer.EndPoint, port);
        if (extensions.YourIp is { } own && _ownAddress.Vote(peer.EndPoint.Address, own) && OwnEndPoint(own.AddressFamily) is { } ownEndPoint)
            _directory.KnowOwn(ownEndPoint);
        if (!HasMetadata)
            LearnMetadata(peer, extensions);
        DismissIfPointless(peer);
    }

    /// <summary>Where others reach us; null while that is not known.</summary>
    private IPEndPoint? OwnEndPoint(AddressFamily family) =>
        _engine.ListenPort != 0 && _ownAddress.In(family) is { } address ? new IPEndPoint(address, _engine.ListenPort) : null;

    /// <summary>Ends a connection that did nothing wrong.</summary>
    private void Dismiss(PeerRecord peer, TimeSpan? retryAt)
    {
        _directory.Disconnected(peer.EndPoint, retryAt);
        EndSession(peer);
        Stop(peer);
    }

    /// <summary>Stops a peer's actor; who dials its address from now on, be it before the actor has ended, needs a new one.</summary>
    private void Stop(PeerRecord peer)
    {
        LeaveOutgoing(peer);
        Context.Stop(peer.Actor);
    }

    private void LeaveOutgoing(PeerRecord peer)
    {
        if (_outgoing.TryGetValue(peer.EndPoint, out var outgoing) && outgoing == peer)
            _outgoing.Remove(peer.EndPoint);
    }

    private bool DismissIfPointless(PeerRecord peer)
    {
        if (peer.State != PeerState.Running || !ConnectionPolicy.IsPointless(peer, !IsComplete))
            return false;
        _log.Debug("{0} and we want nothing of each other", peer.EndPoint);
        Dismiss(peer, retryAt: null);
        return true;
    }

    private void DismissPointless()
    {
        foreach (var peer in _sessions.Values.ToArray())
            DismissIfPointless(peer);
    }

    private void OnAvailability(PeerRecord peer)
    {
        UpdateInterest(peer);
        if (peer.Hungry > 0)
            Feed(peer, peer.Hungry);
    }

    private void UpdateInterest(PeerRecord peer)
    {
        if (peer.State != PeerState.Running)
            return;
        var isInterested = !_spec.FetchesNothing && _picker.IsInteresting(peer.Session);
        if (isInterested == peer.AreWeInterested)
            return;
        peer.AreWeInterested = isInterested;
        peer.Actor.Tell(new PeerProtocol.SetInterest(peer.Session, isInterested));
    }

    /// <summary>Gives a peer blocks to request; when there are none for it now, it stays hungry and is fed later.</summary>
    private void Feed(PeerRecord peer, int count)
    {
        var mayAsk = IsWanting && peer.State == PeerState.Running && (!peer.IsChokingUs || peer.AllowedFast is not null);
        var allowed = mayAsk ? Allowed(peer, count) : 0;
        var batch = allowed > 0 ? _environment!.Requests.Rent(peer.Session) : null;
        if (batch is not null && peer.IsChokingUs)
            _picker.PickOf(peer.Session, peer.AllowedFast!, allowed, batch.List);
        else if (batch is not null)
            Pick(peer, allowed, batch.List);
        if (batch is null || batch.List.Count == 0)
        {
            batch?.Recycle();
            peer.Lease?.GiveBack();
            GoHungry(peer, count);
            return;
        }
        peer.Hungry = 0;
        if (Pay(peer, count, allowed, batch.List) is var more and > 0)
            GoHungry(peer, more);
        peer.Actor.Tell(batch.ToPeer);
    }

    /// <summary>What a peer suggests lies ready there, so it comes first; not where order or time is what counts.</summary>
    private void Pick(PeerRecord peer, int count, List<BlockRequest> into)
    {
        if (peer.Suggested is not null && !_directory.IsOnParole(peer.EndPoint) && !_spec.IsSequential && !_picker.HasDeadlines)
            count -= _picker.PickOf(peer.Session, peer.Suggested, count, into);
        if (count > 0)
            _picker.Pick(peer.Session, count, into);
    }

    private void GoHungry(PeerRecord peer, int count)
    {
        peer.Hungry = count;
        if (peer.IsListedAsHungry)
            return;
        peer.IsListedAsHungry = true;
        _hungry.Add(peer);
    }

    /// <summary>Tries again for every hungry peer, after something came free.</summary>
    private void FeedHungry()
    {
        if (_hungry.Count == 0 || !IsWanting)
            return;
        var hungry = _hungry.ToArray();
        _hungry.Clear();
        foreach (var peer in hungry)
            peer.IsListedAsHungry = false;
        foreach (var peer in hungry)
        {
            if (peer.Hungry == 0)
                continue;
            var count = peer.Hungry;
            peer.Hungry = 0;
            Feed(peer, count);
        }
    }

    /// <summary>As above, once for all that comes free before this actor's mailbox is through with what is in it now.</summary>
    private void FeedSoon()
    {
        if (_hungry.Count == 0 || _isFeedDue)
            return;
        _isFeedDue = true;
        Self.Tell(FeedDue.Instance, ActorRefs.NoSender);
    }

    private void SendCancels()
    {
        if (_cancels.Count == 0)
            return;
        foreach (var group in _cancels.GroupBy(c => c.Peer))
        {
            if (_sessions.TryGetValue(group.Key, out var peer))
                peer.Actor.Tell(new PeerProtocol.Cancel(peer.Session, group.Select(c => c.Block).ToArray()));
        }
    }

    private void SendHaves()
    {
        if (_newPieces.Count == 0)
            return;
        var got = new PeerProtocol.WeGot(_newPieces.ToArray(), IsComplete);
        _newPieces.Clear();
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running && !peer.IsSeed)
                peer.Actor.Tell(got);
        }
    }

    private void OnProgress(PeerProtocol.Progress progress)
    {
        _engine.Transfers.Moved(Now);
        if (!_sessions.TryGetValue(progress.Session, out var peer))
        {
            if (_pastSessions.TryGetValue(progress.Session, out var past))
            {
                _uploaded += progress.Uploaded - past.Uploaded;
                _wasted += progress.Wasted - past.Wasted;
                past.Uploaded = progress.Uploaded;
                past.Wasted = progress.Wasted;
            }
            return;
        }
        _uploaded += progress.Uploaded - peer.Uploaded;
        _wasted += progress.Wasted - peer.Wasted;
        if (progress.Downloaded > peer.Downloaded)
            peer.IsSnubbing = false;
        if (progress.Downloaded + progress.Uploaded > 0)
            _directory.RecordSuccess(peer.EndPoint);
        peer.Downloaded = progress.Downloaded;
        peer.Uploaded = progress.Uploaded;
        peer.Trace?.Moved(progress.Downloaded, progress.Uploaded);
        peer.Wasted = progress.Wasted;
        peer.DownloadRate = progress.DownloadRate;
        peer.UploadRate = progress.UploadRate;
    }

    private static void SetChoke(PeerRecord peer, bool isChoking)
    {
        if (peer.AreWeChoking == isChoking)
            return;
        peer.AreWeChoking = isChoking;
        peer.Actor.Tell(new PeerProtocol.SetChoke(peer.Session, isChoking));
    }

    private void Forget(int number)
    {
        if (!_peers.Remove(number, out var peer))
            return;
        LeaveOutgoing(peer);
        if (peer.Session != 0)
        {
            _directory.Disconnected(peer.EndPoint, retryAt: Now);
            EndSession(peer);
        }
        DialMore();
    }

    private sealed record PeerEnded(int Number);

    private sealed record FeedDue
    {
        public static readonly FeedDue Instance = new();
    }

    private sealed record DialDue
    {
        public static readonly DialDue Instance = new();
    }
}
