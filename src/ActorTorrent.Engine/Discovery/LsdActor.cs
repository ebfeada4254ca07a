using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Datagrams;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Discovery;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Discovery;

/// <summary>
/// Finds peers in the local network (BEP 14): tells the groups which torrents we have, and hears which others have. It takes the words of
/// <see cref="DiscoveryProtocol"/>. What is no message, or comes too often, is counted and forgotten.
/// </summary>
internal sealed class LsdActor : ObservedReceiveActor, IWithTimers
{
    private const int DatagramsInFlight = 64;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly LsdOptions _options;
    private readonly Func<int> _listenPort;
    private readonly OpenMulticastSocket _open;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IMulticastSocket> _sockets = [];
    private readonly Dictionary<InfoHash, IActorRef> _followers = [];
    private readonly LsdSchedule _schedule;
    private readonly DatagramLimiter _limiter;
    private readonly string _cookie = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long _sent;
    private long _received;
    private long _own;
    private long _malformed;
    private long _limited;

    public LsdActor(LsdOptions options, Func<int> listenPort, OpenMulticastSocket open)
    {
        _options = options;
        _listenPort = listenPort;
        _open = open;
        _schedule = new LsdSchedule(options.AnnounceInterval, options.MessageInterval);
        _limiter = new DatagramLimiter(options.MaxMessagesPerMinute, options.MaxAddresses, Window);
        Receive<DiscoveryProtocol.Follow>(follow => Follow(follow.InfoHash, Sender));
        Receive<DiscoveryProtocol.Unfollow>(unfollow => Unfollow(unfollow.InfoHash));
        Receive<Gone>(gone => Unfollow(gone.InfoHash), gone => gone.Follower.Equals(_followers.GetValueOrDefault(gone.InfoHash)));
        Receive<Gone>(_ => { });
        Receive<Resume>(resume =>
        {
            foreach (var (torrent, follower) in resume.Followers)
                Follow(torrent, follower);
        });
        Receive<Due>(_ => Announce());
        Receive<DatagramProtocol.Received>(received =>
        {
            OnDatagram(received.From, received.Datagram.Span);
            received.Socket.Done();
        });
        Receive<DatagramProtocol.Broken>(broken =>
        {
            _log.Warning("A socket of local peer discovery broke: {0}", broken.Reason);
            broken.Socket.Dispose();
            _sockets.RemoveAll(socket => ReferenceEquals(socket, broken.Socket));
        });
        Receive<LsdProtocol.GetCounts>(_ => Sender.Tell(
            new LsdProtocol.Counts(_sent, _received, _own, _malformed, _limited, _limiter.Count, _followers.Count)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Lsd;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static Props Props(EngineContext engine)
    {
        var options = engine.Options.Lsd;
        return Props(options, () => engine.ListenPort, (family, owner) => MulticastSocket.Open(
            new IPEndPoint(IPAddress.Parse(family == AddressFamily.InterNetworkV6 ? LsdMessage.GroupV6 : LsdMessage.GroupV4), options.Port),
            options.Interfaces == LsdInterfaces.Loopback,
            engine.Options.Bind,
            owner,
            LsdMessage.MaxLength,
            DatagramsInFlight));
    }

    public static Props Props(LsdOptions options, Func<int> listenPort, OpenMulticastSocket open) =>
        Akka.Actor.Props.Create(() => new LsdActor(options, listenPort, open));

    protected override void PreStart() => Open();

    protected override void PreRestart(Exception reason, object message)
    {
        // The mailbox survives a restart, the fields do not.
        Self.Tell(new Resume(_followers));
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        base.PostStop();
    }

    private void Open()
    {
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            if (_sockets.Any(socket => socket.Family == family))
                continue;
            try
            {
                _sockets.Add(_open(family, Self));
            }
            catch (SocketException e)
            {
                _log.Info("No peers are looked for in the local network over {0}: {1}", family == AddressFamily.InterNetwork ? "IPv4" : "IPv6", e.Message);
            }
        }
    }

    private void Follow(InfoHash torrent, IActorRef follower)
    {
        if (_followers.TryGetValue(torrent, out var before))
        {
            if (before.Equals(follower))
                return;
            Context.Unwatch(before);
        }
        _followers[torrent] = follower;
        Context.WatchWith(follower, new Gone(torrent, follower));
        _schedule.Add(torrent, Now + _options.Gather);
        Wait();
    }

    private void Unfollow(InfoHash torrent)
    {
        if (!_followers.Remove(torrent, out var follower))
            return;
        Context.Unwatch(follower);
        _schedule.Remove(torrent);
    }

    private void Wait()
    {
        if (_schedule.NextAt() is { } at)
            Timers.StartSingleTimer(nameof(Due), Due.Instance, at > Now ? at - Now : TimeSpan.Zero);
    }

    private void Announce()
    {
        if (_schedule.NextAt() is not { } at || at > Now)
        {
            Wait();
            return;
        }
        if (_listenPort() is not (> 0 and <= ushort.MaxValue and var port))
        {
            // Nobody could dial us yet.
            Timers.StartSingleTimer(nameof(Due), Due.Instance, _options.MessageInterval);
            return;
        }
        var message = new LsdMessage((ushort)port, _schedule.Take(Now), _cookie);
        Open();
        _sent++;
        foreach (var socket in _sockets)
        {
            if (socket.SendToGroup(message.Write(socket.Family, _options.Port)) is { } problem)
                _log.Info("Torrents are not announced in the local network over {0}: {1}", socket.Family, problem);
        }
        Wait();
    }

    private void OnDatagram(IPEndPoint from, ReadOnlySpan<byte> datagram)
    {
        _received++;
        if (!_limiter.Allows(from.Address, Now))
        {
            _limited++;
            return;
        }
        if (from.Address.Equals(IPAddress.Any) || from.Address.Equals(IPAddress.IPv6Any) || !LsdMessage.TryRead(datagram, out var message))
        {
            _malformed++;
            return;
        }
        if (message.Cookie == _cookie)
        {
            _own++;
            return;
        }
        var isLocal = NetworkZones.OfKind(from.Address) != NetworkZone.Public;
        foreach (var torrent in message.InfoHashes)
        {
            if (_followers.TryGetValue(torrent, out var follower))
                follower.Tell(new DiscoveryProtocol.PeersFound([new IPEndPoint(from.Address, message.Port)], PeerSource.Lsd, isLocal));
        }
    }

    private sealed record Gone(InfoHash InfoHash, IActorRef Follower);

    private sealed record Resume(IReadOnlyDictionary<InfoHash, IActorRef> Followers);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
