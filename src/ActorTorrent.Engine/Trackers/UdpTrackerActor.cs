using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Engine.Datagrams;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// Speaks to UDP trackers (BEP 15) for all torrents of an engine: a socket an address family, a connection id a tracker, which all torrents
/// share while it lives. A question is sent again after 15 · 2ⁿ s. An answer counts when its transaction id is the question's and it comes
/// from where that went; others are counted and forgotten. It speaks <see cref="UdpTrackerProtocol"/>.
/// </summary>
internal sealed class UdpTrackerActor : ObservedReceiveActor, IWithTimers
{
    private const int LongestAnswer = 8 << 10;
    private const int AnswersInFlight = 64;

    private readonly TrackerOptions _options;
    private readonly OpenDatagramSocket _open;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<AddressFamily, IDatagramSocket> _sockets = [];
    private readonly Dictionary<IPEndPoint, Tracker> _trackers = [];
    private readonly Dictionary<uint, Transaction> _transactions = [];
    private readonly Dictionary<object, Pending> _pending = new(ReferenceEqualityComparer.Instance);
    private long _strangers;
    private long _malformed;

    public UdpTrackerActor(TrackerOptions options, OpenDatagramSocket open)
    {
        _options = options;
        _open = open;
        Receive<UdpTrackerProtocol.Question>(OnQuestion);
        Receive<UdpTrackerProtocol.Cancel>(cancel =>
        {
            if (_pending.TryGetValue(cancel.Ticket, out var pending))
                Forget(pending);
        });
        Receive<DatagramProtocol.Received>(received =>
        {
            OnDatagram(received.From, received.Datagram.Span);
            received.Socket.Done();
        });
        Receive<DatagramProtocol.Broken>(OnBroken);
        Receive<Overdue>(overdue =>
        {
            if (_transactions.TryGetValue(overdue.TransactionId, out var transaction))
                OnOverdue(transaction);
        });
        Receive<OutOfTime>(late =>
        {
            if (_pending.ContainsKey(late.Pending.Question.Ticket))
                FailSilent(late.Pending);
        });
        Receive<Expired>(expired =>
        {
            expired.Tracker.ConnectionId = null;
            LetGo(expired.Tracker);
        });
        Receive<UdpTrackerProtocol.GetCounts>(_ => Sender.Tell(new UdpTrackerProtocol.Counts(_strangers, _malformed, _pending.Count, _trackers.Count)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.UdpTrackers;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static Props Props(TrackerOptions options, BindOptions? bind = null, OpenDatagramSocket? open = null)
    {
        var from = bind ?? new BindOptions();
        var opens = open ?? ((family, owner) => DatagramSocket.Open(from, family, owner, LongestAnswer, AnswersInFlight));
        return Akka.Actor.Props.Create(() => new UdpTrackerActor(options, opens));
    }

    protected override void PostStop()
    {
        foreach (var pending in _pending.Values)
            pending.Asker.Tell(new UdpTrackerProtocol.Failed(new TrackerError(TrackerErrorKind.Internal, $"{pending.Host}: nobody is left to ask it.")));
        foreach (var socket in _sockets.Values)
            socket.Dispose();
        base.PostStop();
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");

    private void OnQuestion(UdpTrackerProtocol.Question question)
    {
        if (_pending.Count >= _options.UdpMaxQuestions)
        {
            Sender.Tell(new UdpTrackerProtocol.Failed(new TrackerError(
                TrackerErrorKind.Internal, $"{question.Tracker.Host} is not asked: {_pending.Count} questions to UDP trackers are under way.")));
            return;
        }
        if (!_trackers.TryGetValue(question.Address, out var tracker))
            _trackers[question.Address] = tracker = new Tracker(question.Address);
        var pending = new Pending(question, Sender, tracker);
        _pending.Add(question.Ticket, pending);
        tracker.Pending.Add(pending);
        Timers.StartSingleTimer(pending, new OutOfTime(pending), _options.UdpAnnounceTimeout);
        Ask(pending);
    }

    /// <summary>Puts the question if there is a connection id for it; gets one first if not.</summary>
    private void Ask(Pending pending)
    {
        var tracker = pending.Tracker;
        if (tracker.ConnectionId is { } connection && Now - tracker.ConnectedAt < _options.UdpConnectionLife)
        {
            var transaction = Begin(tracker, pending);
            transaction.Datagram = pending.Question switch
            {
                UdpTrackerProtocol.Announce announce => UdpTracker.WriteAnnounce(announce.Tracker, connection, transaction.Id, announce.Request),
                UdpTrackerProtocol.Scrape scrape => UdpTracker.WriteScrape(connection, transaction.Id, scrape.Torrents),
                _ => throw new InvalidOperationException($"No datagram asks {pending.Question.GetType().Name}."),
            };
            transaction.Tries = pending.Tries;
            pending.Transaction = transaction;
            Transmit(transaction);
        }
        else
        {
            pending.IsWaiting = true;
            pending.IsConnectionOwn = true;
            if (tracker.Connecting is not null)
                return;
            var transaction = Begin(tracker, pending: null);
            transaction.Datagram = UdpTracker.WriteConnect(transaction.Id);
            transaction.Tries = pending.Tries;
            tracker.Connecting = transaction;
            Transmit(transaction);
        }
    }

    private Transaction Begin(Tracker tracker, Pending? pending)
    {
        // Not to be guessed: whoever knows it can answer in the tracker's place.
        uint id;
        do
        {
            id = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        }
        while (_transactions.ContainsKey(id));
        var transaction = new Transaction(id, tracker, pending);
        _transactions.Add(id, transaction);
        return transaction;
    }

    private void Transmit(Transaction transaction)
    {
        var address = transaction.Tracker.Address;
        if (SocketOf(address.AddressFamily, out var problem) is { } socket)
            problem = socket.Send(transaction.Datagram, address);
        if (problem is not null)
        {
            Fail(transaction, host => new TrackerError(TrackerErrorKind.Unreachable, $"{host} ({address.Address}): {problem}."));
            return;
        }
        Timers.StartSingleTimer(transaction.Id, new Overdue(transaction.Id), _options.UdpRetransmit * Math.Pow(2, transaction.Tries));
    }

    private IDatagramSocket? SocketOf(AddressFamily family, out string? problem)
    {
        problem = null;
        if (_sockets.TryGetValue(family, out var socket))
            return socket;
        try
        {
            return _sockets[family] = _open(family, Self);
        }
        catch (SocketException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private void OnBroken(DatagramProtocol.Broken broken)
    {
        _log.Warning("The socket for UDP trackers broke: {0}", broken.Reason);
        broken.Socket.Dispose();
        foreach (var (family, socket) in _sockets)
        {
            if (ReferenceEquals(socket, broken.Socket))
            {
                _sockets.Remove(family);
                return;
            }
        }
    }

    private void OnOverdue(Transaction transaction)
    {
        var tries = transaction.Tries + 1;
        if (tries > _options.UdpMaxRetransmits)
        {
            foreach (var pending in Of(transaction))
                FailSilent(pending);
            return;
        }
        transaction.Tries = tries;
        foreach (var pending in Of(transaction))
            pending.Tries = tries;
        if (transaction.Pending is { } own && Now - transaction.Tracker.ConnectedAt >= _options.UdpConnectionLife)
        {
            // The connection id is too old to be sent again.
            End(transaction);
            own.Transaction = null;
            Ask(own);
            return;
        }
        Transmit(transaction);
    }

    private void OnDatagram(IPEndPoint from, ReadOnlySpan<byte> datagram)
    {
        if (!UdpTracker.TryReadHeader(datagram, out _, out var id)
            || !_transactions.TryGetValue(id, out var transaction)
            || !transaction.Tracker.Address.Equals(from))
        {
            _strangers++;
            return;
        }
        try
        {
            OnAnswer(transaction, datagram);
        }
        catch (TrackerFailureException refusal)
        {
            OnRefusal(transaction, refusal);
        }
        catch (TrackerResponseException malformed)
        {
            _malformed++;
            Fail(transaction, host => new TrackerError(TrackerErrorKind.Malformed, $"{host}: {malformed.Message}")
            {
                Field = malformed.Field,
                Offset = malformed.Offset,
            });
        }
    }

    private void OnAnswer(Transaction transaction, ReadOnlySpan<byte> datagram)
    {
        var tracker = transaction.Tracker;
        switch (transaction.Pending)
        {
            case null:
                tracker.ConnectionId = UdpTracker.ReadConnect(datagram);
                tracker.ConnectedAt = Now;
                tracker.Connecting = null;
                End(transaction);
                Timers.StartSingleTimer(tracker, new Expired(tracker), _options.UdpConnectionLife);
                foreach (var waiting in tracker.Pending.Where(pending => pending.IsWaiting).ToArray())
                {
                    waiting.IsWaiting = false;
                    Ask(waiting);
                }
                break;
            case { Question: UdpTrackerProtocol.Announce } pending:
                Finish(pending, new UdpTrackerProtocol.Announced(UdpTracker.ReadAnnounce(datagram, tracker.Address.AddressFamily)));
                break;
            case { Question: UdpTrackerProtocol.Scrape scrape } pending:
                Finish(pending, new UdpTrackerProtocol.Scraped(UdpTracker.ReadScrape(datagram, scrape.Torrents.Count)));
                break;
        }
    }

    private void OnRefusal(Transaction transaction, TrackerFailureException refusal)
    {
        if (transaction.Pending is { IsConnectionOwn: false } pending)
        {
            // It may have forgotten the connection id that others got before us (it was started anew, say): once, with an id of our own.
            transaction.Tracker.ConnectionId = null;
            End(transaction);
            pending.Transaction = null;
            Ask(pending);
            return;
        }
        Fail(transaction, host => new TrackerError(TrackerErrorKind.FailureReason, $"{host} said: {refusal.Reason}"));
    }

    /// <summary>The questions that a transaction is for: its own, or, getting a connection id, all that wait for it.</summary>
    private static Pending[] Of(Transaction transaction) =>
        transaction.Pending is { } pending ? [pending] : [.. transaction.Tracker.Pending.Where(waiting => waiting.IsWaiting)];

    private void Fail(Transaction transaction, Func<string, TrackerError> error)
    {
        foreach (var pending in Of(transaction))
            Finish(pending, new UdpTrackerProtocol.Failed(error(pending.Host)));
    }

    private void FailSilent(Pending pending) => Finish(pending, new UdpTrackerProtocol.Failed(new TrackerError(
        TrackerErrorKind.Timeout,
        $"{pending.Host} did not answer within {Seconds(Now - pending.AskedAt)} (over UDP, at {pending.Tracker.Address}).")));

    private void Finish(Pending pending, UdpTrackerProtocol.Answer answer)
    {
        pending.Asker.Tell(answer);
        Forget(pending);
    }

    private void Forget(Pending pending)
    {
        Timers.Cancel(pending);
        _pending.Remove(pending.Question.Ticket);
        var tracker = pending.Tracker;
        tracker.Pending.Remove(pending);
        if (pending.Transaction is { } transaction)
            End(transaction);
        if (tracker.Connecting is { } connecting && !tracker.Pending.Any(waiting => waiting.IsWaiting))
        {
            tracker.Connecting = null;
            End(connecting);
        }
        LetGo(tracker);
    }

    private void End(Transaction transaction)
    {
        Timers.Cancel(transaction.Id);
        _transactions.Remove(transaction.Id);
    }

    private void LetGo(Tracker tracker)
    {
        if (tracker.ConnectionId is not null || tracker.Pending.Count > 0)
            return;
        Timers.Cancel(tracker);
        _trackers.Remove(tracker.Address);
    }

    private sealed class Tracker(IPEndPoint address)
    {
        public IPEndPoint Address { get; } = address;

        public ulong? ConnectionId { get; set; }

        public DateTimeOffset ConnectedAt { get; set; }

        public Transaction? Connecting { get; set; }

        public List<Pending> Pending { get; } = [];
    }

    private sealed class Pending(UdpTrackerProtocol.Question question, IActorRef asker, Tracker tracker)
    {
        public UdpTrackerProtocol.Question Question { get; } = question;

        public IActorRef Asker { get; } = asker;

        public Tracker Tracker { get; } = tracker;

        public string Host => Question.Tracker.Host;

        public DateTimeOffset AskedAt { get; } = Now;

        // The n of 15 · 2ⁿ, which goes on when a connection id has to be got again.
        public int Tries { get; set; }

        public bool IsWaiting { get; set; }

        public bool IsConnectionOwn { get; set; }

        public Transaction? Transaction { get; set; }
    }

    private sealed class Transaction(uint id, Tracker tracker, Pending? pending)
    {
        public uint Id { get; } = id;

        public Tracker Tracker { get; } = tracker;

        public Pending? Pending { get; } = pending;

        public byte[] Datagram { get; set; } = [];

        public int Tries { get; set; }
    }

    private sealed record Overdue(uint TransactionId);

    private sealed record OutOfTime(Pending Pending);

    private sealed record Expired(Tracker Tracker);
}
