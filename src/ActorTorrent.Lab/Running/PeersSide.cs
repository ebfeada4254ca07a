using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>The stub peers of a run, spread over as many helpers as the limit of open files asks for.</summary>
internal sealed class PeersSide : IAsyncDisposable
{
    /// <summary>Sockets that one helper holds at most.</summary>
    private const int MostSockets = 15_000;

    private const int Reserve = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<PeersHelper> _helpers = [];
    private readonly ConcurrentDictionary<int, IPEndPoint> _endPoints = new();

    private PeersSide()
    {
    }

    /// <summary>Peers that came and wait to be dialled.</summary>
    public Action<int, IPEndPoint>? OnArrived { get; set; }

    /// <summary>Where those are that can be dialled.</summary>
    public IReadOnlyDictionary<int, IPEndPoint> EndPoints => _endPoints;

    /// <summary>The sums of all helpers.</summary>
    public PeersReport Counts => new()
    {
        Live = _helpers.Sum(static helper => helper.Counts.Live),
        Sent = _helpers.Sum(static helper => helper.Counts.Sent),
        Received = _helpers.Sum(static helper => helper.Counts.Received),
        Handshakes = _helpers.Sum(static helper => helper.Counts.Handshakes),
        Connections = _helpers.Sum(static helper => helper.Counts.Connections),
    };

    /// <summary>Starts the helpers.</summary>
    public static async Task<PeersSide> StartAsync(SwarmPlan plan, Func<WorkerKind, IWorker> start, PeersOrder prepare)
    {
        var side = new PeersSide();
        try
        {
            var most = Math.Min(MostSockets, (OpenFileLimit.Read() ?? int.MaxValue) - Reserve);
            var from = 0;
            var sockets = 0;
            for (var i = 0; i <= plan.Peers.Count; i++)
            {
                var more = i < plan.Peers.Count ? SocketsOf(plan.Peers[i].Script) : 0;
                if (i == plan.Peers.Count || sockets + more > most)
                {
                    side._helpers.Add(new PeersHelper(start(WorkerKind.Peers), from, i, side.Arrived));
                    (from, sockets) = (i, 0);
                }
                sockets += more;
            }
            await Task.WhenAll(side._helpers.Select(helper => helper.PrepareAsync(prepare))).WaitAsync(Patience);
            return side;
        }
        catch
        {
            await side.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells those that dial whom.</summary>
    public async Task AimAsync(IPEndPoint target)
    {
        foreach (var helper in _helpers)
            await helper.TellAsync(new PeersOrder { Do = PeersOrderKind.Aim, Target = target.ToString() });
    }

    /// <summary>Has peers come.</summary>
    /// <returns>A task that ends once they are there.</returns>
    public async Task ArriveAsync(IReadOnlyList<int> peers) =>
        await Task.WhenAll(_helpers.Select(helper => helper.ArriveAsync(peers)));

    /// <summary>Has peers leave.</summary>
    public Task LeaveAsync(IReadOnlyList<int> peers, PeerDeparture ending) =>
        TellAsync(new PeersOrder { Do = PeersOrderKind.Leave, Peers = peers, Ending = ending });

    /// <summary>Cuts peers off.</summary>
    public Task CutOffAsync(IReadOnlyList<int> peers) => TellAsync(new PeersOrder { Do = PeersOrderKind.CutOff, Peers = peers });

    /// <summary>Lets them speak again.</summary>
    public Task RejoinAsync(IReadOnlyList<int> peers) => TellAsync(new PeersOrder { Do = PeersOrderKind.Rejoin, Peers = peers });

    /// <summary>What each group saw.</summary>
    public async Task<IReadOnlyList<GroupCounts>> SumAsync()
    {
        var sums = await Task.WhenAll(_helpers.Select(static helper => helper.SumAsync())).WaitAsync(Patience);
        return
        [
            .. sums.SelectMany(static groups => groups).GroupBy(static group => group.Group, StringComparer.Ordinal)
                .Select(static group => group.Aggregate(static (sum, part) => sum + part))
                .OrderBy(static group => group.Group, StringComparer.Ordinal),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var helper in _helpers)
            await helper.DisposeAsync();
    }

    private async Task TellAsync(PeersOrder order)
    {
        foreach (var helper in _helpers)
        {
            if (helper.Own(order.Peers) is { Count: > 0 } own)
                await helper.TellAsync(order with { Peers = own });
        }
    }

    private void Arrived(ArrivedPeer peer)
    {
        var endPoint = IPEndPoint.Parse(peer.EndPoint);
        _endPoints[peer.Index] = endPoint;
        OnArrived?.Invoke(peer.Index, endPoint);
    }

    /// <summary>The listening socket, the connection, and what fills a backlog.</summary>
    private static int SocketsOf(PeerScript? script) => script switch
    {
        null => 0,
        { Dials: true } => 1,
        { Door: PeerDoor.NeverAccepts } => 4,
        _ => 2,
    };

    internal static string Serialize(PeersOrder order) => JsonSerializer.Serialize(order, LabJsonContext.Default.PeersOrder);
}
