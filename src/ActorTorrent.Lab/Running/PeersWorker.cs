using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Running;

/// <summary>Holds the stub peers of a run, or a part of them.</summary>
internal sealed class PeersWorker(Action<PeersReport> report) : IAsyncDisposable
{
    /// <summary>Dials under way at once: fewer than most clients let wait for their handshake.</summary>
    private const int Wave = 64;

    private const int StartsAtOnce = 256;

    private static readonly TimeSpan CountsEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WavePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WaveLook = TimeSpan.FromMilliseconds(4);

    private readonly ConcurrentDictionary<int, StubPeer> _peers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<StubPeer> _dials = Channel.CreateUnbounded<StubPeer>();
    private SwarmPlan _plan = new([], []);
    private InfoHash _infoHash;
    private GeneratedContent? _content;
    private FileLayout? _layout;
    private IPEndPoint? _target;
    private Task _counting = Task.CompletedTask;
    private Task _dialling = Task.CompletedTask;

    public async Task HandleAsync(PeersOrder order)
    {
        switch (order.Do)
        {
            case PeersOrderKind.Prepare:
                Prepare(order);
                report(new PeersReport { Kind = PeersReportKind.Ready });
                break;
            case PeersOrderKind.Aim:
                _target = IPEndPoint.Parse(order.Target!);
                break;
            case PeersOrderKind.Arrive:
                await ArriveAsync(order.Peers);
                break;
            case PeersOrderKind.Leave:
                foreach (var peer in order.Peers.Where(_peers.ContainsKey))
                    _peers[peer].Depart(order.Ending);
                break;
            case PeersOrderKind.CutOff:
                foreach (var peer in order.Peers.Where(_peers.ContainsKey))
                    _peers[peer].CutOff();
                break;
            case PeersOrderKind.Rejoin:
                foreach (var peer in order.Peers.Where(_peers.ContainsKey))
                    _peers[peer].Rejoin();
                break;
            case PeersOrderKind.Sum:
                report(new PeersReport { Kind = PeersReportKind.Sum, Groups = Sum() });
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _dials.Writer.TryComplete();
        await _stop.CancelAsync();
        await _counting;
        await _dialling;
        await Parallel.ForEachAsync(
            _peers.Values, new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce }, static (peer, _) => peer.DisposeAsync());
        _stop.Dispose();
    }

    private void Prepare(PeersOrder order)
    {
        var scenario = ScenarioReader.Parse("scenario", order.Scenario!, order.Folder);
        _plan = SwarmPlanner.Plan(order.AllDial ? LabTarget.Dialling(scenario) : scenario, order.Seed);
        _infoHash = InfoHash.Parse(order.InfoHash!);
        if (order.ForeignTorrent is { } foreign)
            _layout = TorrentFileParser.Parse(Convert.FromBase64String(foreign)).Layout;
        else
            _content = LabContent.Of(scenario, order.Seed);
        _counting = CountAsync();
        _dialling = DialAsync();
    }

    private async Task ArriveAsync(IReadOnlyList<int> indexes)
    {
        var arrived = new ConcurrentBag<ArrivedPeer>();
        await Parallel.ForEachAsync(
            indexes,
            new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce },
            async (index, cancellation) =>
            {
                if (_plan.Peers[index] is not { Script: { } script } planned)
                    return;
                if (_peers.TryGetValue(index, out var known))
                {
                    known.Return();
                    return;
                }
                var peer = await StubPeer.StartAsync(script, _infoHash, _content, planned.Address, cancellation: cancellation, layout: _layout);
                _peers[index] = peer;
                if (script.Dials)
                    _dials.Writer.TryWrite(peer);
                else
                    arrived.Add(new ArrivedPeer(index, peer.EndPoint.ToString()));
            });
        report(new PeersReport { Kind = PeersReportKind.Arrived, Arrived = [.. arrived.OrderBy(static peer => peer.Index)] });
    }

    /// <summary>Dials in waves, each when most of the one before has shaken hands: a host of clients does not fit any client's backlog.</summary>
    private async Task DialAsync()
    {
        var wave = new List<StubPeer>(Wave);
        while (await _dials.Reader.WaitToReadAsync())
        {
            wave.Clear();
            while (wave.Count < Wave && _dials.Reader.TryRead(out var peer))
            {
                peer.Dial(_target ?? throw new LabException("Peers that dial have nobody to dial."));
                wave.Add(peer);
            }
            var until = Environment.TickCount64 + (long)WavePatience.TotalMilliseconds;
            while (!_stop.IsCancellationRequested && Environment.TickCount64 < until
                && wave.Exists(static peer => peer.Counts is { Handshakes: 0, Resets: 0 } && peer.Script.Handshake == HandshakeScript.Proper && peer.Script.HandshakeBytesPerSecond is null))
            {
                await Task.Delay(WaveLook);
            }
        }
    }

    private async Task CountAsync()
    {
        using var timer = new PeriodicTimer(CountsEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                Count();
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Count()
    {
        long live = 0, sent = 0, received = 0, handshakes = 0, connections = 0;
        foreach (var peer in _peers.Values)
        {
            var counts = peer.Counts;
            live += counts.Live;
            sent += counts.Bytes;
            received += counts.Received;
            handshakes += counts.Handshakes > 0 ? 1 : 0;
            connections += counts.Connections;
        }
        report(new PeersReport
        {
            Kind = PeersReportKind.Counts,
            Live = live,
            Sent = sent,
            Received = received,
            Handshakes = handshakes,
            Connections = connections,
        });
    }

    private List<GroupCounts> Sum() =>
    [
        .. _peers.GroupBy(pair => _plan.Peers[pair.Key].Group, StringComparer.Ordinal).Select(static group =>
            group.Select(pair => Of(group.Key, pair.Value.Counts)).Aggregate(static (sum, counts) => sum + counts)),
    ];

    private static GroupCounts Of(string group, StubPeerCounts counts) => new()
    {
        Group = group,
        Peers = 1,
        Connections = counts.Connections,
        Live = counts.Live,
        Handshakes = counts.Handshakes,
        Requests = counts.Requests,
        Sent = counts.Bytes,
        Received = counts.Received,
        ReceivedSquares = (double)counts.Received * counts.Received,
        CorruptBlocks = counts.CorruptBlocks,
        ProtocolErrors = counts.ProtocolErrors,
        Resets = counts.Resets,
    };
}
