using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <content>Supervision: what becomes of a peer that failed, and of its blocks.</content>
internal sealed partial class TorrentCoordinator
{
    private const int RememberedAddresses = 10_000;

    private readonly PeerFaultPolicy _policy;
    private readonly FaultJournal _journal;
    private readonly Dictionary<int, FaultJournalEntry> _closing = [];
    private readonly Dictionary<IPAddress, int> _violations = [];
    private readonly Dictionary<int, PastSession> _pastSessions = [];
    private readonly Queue<int> _pastOrder = new();

    /// <summary>The supervisor's decision about a child's exception. It runs as part of this actor, so it may keep its books here.</summary>
    private Directive Decide(Exception exception) => exception switch
    {
        PeerFaultException { Fault: var fault } => OnFault(fault),
        StorageCrashException => Directive.Escalate,
        OutOfMemoryException or StackOverflowException => Directive.Escalate,
        _ => OnBug(exception),
    };

    private Directive OnBug(Exception exception)
    {
        _log.Error(exception, "An exception that is nobody's fault restarts its actor under {0}", Self.Path.Name);
        return Directive.Restart;
    }

    private Directive OnFault(PeerFault fault)
    {
        if (!_sessions.TryGetValue(fault.Session, out var peer))
            return Directive.Stop;
        var known = _directory.Find(peer.EndPoint);
        var failures = known?.Failures ?? 0;
        var decision = _policy.Decide(fault, new PeerFaultHistory(failures, _violations.GetValueOrDefault(peer.EndPoint.Address)));
        var entry = new FaultJournalEntry(_engine.Time.GetUtcNow(), InfoHash, fault, decision, failures + 1, BlocksReturned: 0)
        {
            Source = SourceOf(peer.EndPoint),
        };
        if (PeerFaultPolicy.IsViolation(fault.Cause))
            CountViolation(peer.EndPoint.Address);
        peer.Trace?.Failed(fault, decision);
        switch (decision.Action)
        {
            case FaultAction.Resume:
                peer.IsSnubbing = true;
                peer.Hungry = 0;
                var returned = _picker.ReturnAll(peer.Session);
                DiscardPieces();
                Record(entry with { BlocksReturned = returned });
                Publish(new CensusProtocol.Faulted(peer.Actor, new ActorFault(entry.Time, fault.Detail), IsRestart: false));
                Self.Tell(DialDue.Instance);
                FeedHungry();
                return Directive.Resume;
            case FaultAction.Restart:
                _directory.RecordFailure(peer.EndPoint, Now, decision.Delay, FaultNames.Of(fault.Cause));
                break;
            case FaultAction.Ban:
                Ban(peer.EndPoint, fault.Detail);
                break;
            default:
                if (fault.Cause == FaultCause.Self)
                    _directory.Self(peer.EndPoint);
                else
                    _directory.RecordFailure(peer.EndPoint, Now, retryAfter: null, FaultNames.Of(fault.Cause));
                break;
        }
        _closing.Add(peer.Session, entry);
        EndSession(peer);
        if (decision.Action == FaultAction.Restart && _engine.Options.Faults.Policy == SupervisionPolicy.AllForOne)
            RestartFellows(decision.Delay);
        Self.Tell(DialDue.Instance);
        return decision.Action switch
        {
            FaultAction.Restart => Directive.Restart,
            FaultAction.Escalate => Directive.Escalate,
            _ => Directive.Stop,
        };
    }

    /// <summary>All for one: whoever is connected is let go and dialled again with the one that failed. Who dialled us comes back by itself.</summary>
    private void RestartFellows(TimeSpan delay)
    {
        foreach (var fellow in _sessions.Values.ToArray())
            Dismiss(fellow, fellow.Direction == PeerDirection.Outgoing ? Now + delay : null);
    }

    /// <summary>A peer actor is restarted by a bug: its session is lost like any other.</summary>
    private void OnCrashed(PeerProtocol.Crashed crashed)
    {
        if (!_sessions.TryGetValue(crashed.Session, out var peer))
            return;
        OnFault(new PeerFault(
            crashed.Session, peer.EndPoint, peer.Direction, FaultPhase.Transfer, FaultCause.InternalError, crashed.Reason.Message));
        if (peer.Direction == PeerDirection.Incoming)
            Context.Stop(peer.Actor);
    }

    /// <summary>
    /// The session is over. Blocks that the peer told storage before it failed are on their way to us, so the others
    /// return to the picker only once storage has answered.
    /// </summary>
    private void EndSession(PeerRecord peer)
    {
        Remember(peer);
        _sessions.Remove(peer.Session);
        _engine.Connections.Return();
        Show(_superSeeder?.Remove(peer.Session));
        _metadata.Remove(peer.Session);
        var session = peer.Session;
        var hadSlot = peer is { AreWeChoking: false, IsInterested: true };
        peer.EndSession();
        if (_storage.Equals(ActorRefs.Nobody))
            CloseSession(session);
        else
            _storage.Tell(new StorageProtocol.Drain(session));
        if (hadSlot)
            FillSlotsSoon();
    }

    private void CloseSession(int session)
    {
        var returned = _picker.RemovePeer(session);
        DiscardPieces();
        if (_closing.Remove(session, out var entry))
            Record(entry with { BlocksReturned = returned });
        FeedSoon();
    }

    private void Record(FaultJournalEntry entry)
    {
        _journal.Add(entry);
        Publish(entry);
    }

    private void Condemn(int session, string detail, FaultCause cause = FaultCause.HashFailure)
    {
        if (_sessions.TryGetValue(session, out var peer))
        {
            Condemn(peer, FaultPhase.Verify, cause, detail);
        }
        else if (_pastSessions.TryGetValue(session, out var past) && !_directory.IsBanned(past.EndPoint))
        {
            var endPoint = past.EndPoint;
            Ban(endPoint, detail);
            Record(new FaultJournalEntry(
                _engine.Time.GetUtcNow(),
                InfoHash,
                new PeerFault(session, endPoint, PeerDirection.Outgoing, FaultPhase.Verify, cause, detail),
                new FaultDecision(FaultAction.Ban, TimeSpan.Zero, "proven, though it is gone already"),
                Attempt: 1,
                BlocksReturned: 0)
            {
                Source = SourceOf(endPoint),
            });
        }
    }

    private static void Condemn(PeerRecord peer, FaultPhase phase, FaultCause cause, string detail)
        => peer.Actor.Tell(new PeerProtocol.Condemn(peer.Session, phase, cause, detail));

    private void Trust(int session, bool isGood)
    {
        if (!_sessions.TryGetValue(session, out var peer))
            return;
        _directory.AddTrust(peer.EndPoint, isGood ? 1 : -2);
        _picker.SetParole(session, _directory.IsOnParole(peer.EndPoint));
    }

    private void Ban(IPEndPoint endPoint, string reason)
    {
        _directory.Ban(endPoint, reason);
        _engine.Bans.Add(endPoint.Address, reason);
    }

    private void CountViolation(IPAddress address)
    {
        // A flood of addresses must not grow this for ever; forgetting all merely postpones a ban.
        if (_violations.Count >= RememberedAddresses)
            _violations.Clear();
        _violations[address] = _violations.GetValueOrDefault(address) + 1;
    }

    private void Remember(PeerRecord peer)
    {
        if (_pastOrder.Count == RememberedAddresses)
            _pastSessions.Remove(_pastOrder.Dequeue());
        _pastOrder.Enqueue(peer.Session);
        _pastSessions[peer.Session] = new PastSession(peer.EndPoint, peer.Uploaded, peer.Wasted);
    }
}
