using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Probing;

[Collection(ProbingCollection.Name)]
public sealed class PeerProberTests
{
    private static readonly InfoHash Hash = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
    private static readonly PeerId Own = PeerId.Create(new Random(3));

    private static readonly ProbeOptions Short = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        HandshakeTimeout = TimeSpan.FromSeconds(2.5),
    };

    /// <summary>What each script must look like from outside, with the number of bytes that the detail must name.</summary>
    private static readonly (PeerScript Script, ProbeOutcome Outcome, string? Detail)[] Cases =
    [
        (PeerScript.Healthy(), ProbeOutcome.Ok, null),
        (PeerScript.Refuses(), ProbeOutcome.Refused, null),
        (PeerScript.NeverAccepts(), ProbeOutcome.ConnectTimeout, "2 s"),
        (PeerScript.Silent(), ProbeOutcome.HandshakeTimeout, "0 of 68"),
        (PeerScript.Silent(20), ProbeOutcome.HandshakeTimeout, "20 of 68"),
        (PeerScript.Silent(48), ProbeOutcome.HandshakeTimeout, "48 of 68"),
        (PeerScript.Silent(67), ProbeOutcome.HandshakeTimeout, "67 of 68"),
        (PeerScript.ClosesHandshake(), ProbeOutcome.Closed, "0 of 68"),
        (PeerScript.ClosesHandshake(1), ProbeOutcome.Closed, "1 of 68"),
        (PeerScript.ClosesHandshake(19), ProbeOutcome.Closed, "19 of 68"),
        (PeerScript.ClosesHandshake(20), ProbeOutcome.Closed, "20 of 68"),
        (PeerScript.ClosesHandshake(48), ProbeOutcome.Closed, "48 of 68"),
        (PeerScript.ClosesHandshake(67), ProbeOutcome.Closed, "67 of 68"),
        (PeerScript.ResetsHandshake(), ProbeOutcome.Reset, "0 of 68"),
        (PeerScript.ResetsHandshake(48), ProbeOutcome.Reset, "of 68"),
        (PeerScript.WrongProtocol(), ProbeOutcome.WrongProtocol, "NoTorrent"),
        (PeerScript.WrongProtocol(2), ProbeOutcome.WrongProtocol, null),
        (PeerScript.WrongInfoHash(), ProbeOutcome.WrongInfoHash, "fedcba98"),
        (PeerScript.WrongInfoHash(29), ProbeOutcome.WrongInfoHash, "fe"),
        // Proof of a wrong protocol comes before that of a wrong hash, and before the reset that follows it.
        (PeerScript.WrongProtocol() with { Handshake = new HandshakeScript(HandshakeText.WrongProtocol, 20, HandshakeEnding.Silence) },
            ProbeOutcome.WrongProtocol, null),
        (PeerScript.WrongInfoHash() with { Handshake = new HandshakeScript(HandshakeText.WrongInfoHash, 28, HandshakeEnding.Close) },
            ProbeOutcome.Closed, "28 of 68"),
        // All 68 bytes came: how it ends afterwards does not matter.
        (PeerScript.Silent(68), ProbeOutcome.Ok, null),
        (PeerScript.ClosesHandshake(68), ProbeOutcome.Ok, null),
    ];

    [Fact]
    public async Task Every_script_has_its_outcome()
    {
        await using var swarm = await StubSwarm.StartAsync(Cases.Select(static one => one.Script), Hash);
        var prober = new PeerProber(Hash, Own, Short);
        var results = await Collect(prober, swarm);
        for (var i = 0; i < Cases.Length; i++)
        {
            var (script, outcome, detail) = Cases[i];
            var peer = swarm.Peers[i];
            var result = results[peer.EndPoint];
            Assert.True(outcome == result.Outcome, $"case {i}, {script.Name}: {result}");
            if (detail is not null)
                Assert.Contains(detail, result.Detail, StringComparison.Ordinal);
            Assert.Equal(outcome == ProbeOutcome.Ok ? peer.PeerId : null, result.PeerId);
            Assert.Equal(outcome == ProbeOutcome.Ok, result.Client is not null);
        }
    }

    [Fact]
    public async Task A_thousand_peers_at_once_are_all_told_right()
    {
        var scripts = new List<PeerScript>();
        while (scripts.Count < 1_000)
            scripts.AddRange(Cases.Select(static one => one.Script).Take(1_000 - scripts.Count));
        await using var swarm = await StubSwarm.StartAsync(scripts, Hash);
        var options = new ProbeOptions { ConnectTimeout = TimeSpan.FromSeconds(3), HandshakeTimeout = TimeSpan.FromSeconds(5) };
        var prober = new PeerProber(Hash, Own, options);
        var started = Stopwatch.GetTimestamp();
        var results = await Collect(prober, swarm);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var wrong = new List<string>();
        for (var i = 0; i < scripts.Count; i++)
        {
            var result = results[swarm.Peers[i].EndPoint];
            if (result.Outcome != Cases[i % Cases.Length].Outcome)
                wrong.Add($"{scripts[i].Name}: {result}");
        }
        Assert.Empty(wrong);
        Assert.True(elapsed < options.HandshakeTimeout + TimeSpan.FromSeconds(5), $"{elapsed}");
    }

    [Fact]
    public async Task A_handshake_that_drips_is_held_to_the_absolute_deadline()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(LoopbackAddresses.Next(), 0));
        listener.Listen();
        var bytes = new byte[Handshake.Length];
        new Handshake(Hash, Own, PeerCapabilities.None).Write(bytes);
        using var stop = new CancellationTokenSource();
        var dripping = DripAsync(listener, bytes, stop.Token);
        var started = Stopwatch.GetTimestamp();
        var result = await new PeerProber(Hash, Own, Short).ProbeAsync((IPEndPoint)listener.LocalEndPoint!);
        Assert.Equal(ProbeOutcome.HandshakeTimeout, result.Outcome);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(6));
        await stop.CancelAsync();
        await dripping;
    }

    [Fact]
    public async Task A_peer_that_closes_before_it_hears_us_is_told_from_one_that_resets()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(LoopbackAddresses.Next(), 0));
        listener.Listen();
        var probe = new PeerProber(Hash, Own, Short).ProbeAsync((IPEndPoint)listener.LocalEndPoint!);
        using (var socket = await listener.AcceptAsync())
        {
            var heard = new byte[Handshake.Length];
            for (var count = 0; count < heard.Length;)
                count += await socket.ReceiveAsync(heard.AsMemory(count));
            Assert.Equal(HandshakeVerdict.Ok, HandshakeCheck.Examine(heard, Hash));
            socket.Shutdown(SocketShutdown.Send);
            var result = await probe;
            Assert.Equal(ProbeOutcome.Closed, result.Outcome);
        }
    }

    [Fact]
    public async Task Where_there_is_no_way_it_is_unreachable()
    {
        // A group of hosts is nothing that a connection can be made to, wherever this runs.
        var result = await new PeerProber(Hash, Own, Short).ProbeAsync(new IPEndPoint(IPAddress.Parse("224.0.0.1"), 6881));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
    }

    [Fact]
    public async Task Not_more_than_the_wanted_number_run_at_once()
    {
        await using var swarm = await StubSwarm.StartAsync(Enumerable.Repeat(PeerScript.Silent(), 6), Hash);
        var options = Short with { HandshakeTimeout = TimeSpan.FromMilliseconds(200), Concurrency = 2 };
        var prober = new PeerProber(Hash, Own, options);
        Assert.Equal(2, prober.ConcurrencyFor(6));
        var started = Stopwatch.GetTimestamp();
        var results = await Collect(prober, swarm);
        Assert.All(results.Values, result => Assert.Equal(ProbeOutcome.HandshakeTimeout, result.Outcome));
        // Three rounds of two; timers may fire a tick early.
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(550));
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        await using var swarm = await StubSwarm.StartAsync(Enumerable.Repeat(PeerScript.Silent(), 20), Hash);
        var prober = new PeerProber(Hash, Own, new ProbeOptions { HandshakeTimeout = TimeSpan.FromMinutes(5) });
        using var stop = new CancellationTokenSource();
        var probing = Task.Run(async () =>
        {
            await foreach (var result in prober.ProbeAsync([.. swarm.Peers.Select(static peer => peer.EndPoint)], stop.Token))
                Assert.Fail($"{result}");
        });
        while (swarm.Peers.Any(static peer => peer.Counts.Connections == 0))
            await Task.Delay(5);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task IPv6_peers_are_asked_too()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(), Hash, address: IPAddress.IPv6Loopback);
        var result = await new PeerProber(Hash, Own, Short).ProbeAsync(peer.EndPoint);
        Assert.Equal(ProbeOutcome.Ok, result.Outcome);
        Assert.StartsWith("[::1]:", result.EndPoint.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_outcome_has_its_name() => Assert.Equal(
        ["ok", "refused", "unreachable", "connect_timeout", "handshake_timeout", "closed", "reset", "wrong_protocol", "wrong_info_hash"],
        Enum.GetValues<ProbeOutcome>().Select(static outcome => outcome.ToToken()),
        StringComparer.Ordinal);

    private static async Task<Dictionary<IPEndPoint, ProbeResult>> Collect(PeerProber prober, StubSwarm swarm)
    {
        var results = new Dictionary<IPEndPoint, ProbeResult>();
        await foreach (var result in prober.ProbeAsync([.. swarm.Peers.Select(static peer => peer.EndPoint)]))
            results.Add(result.EndPoint, result);
        Assert.Equal(swarm.Peers.Count, results.Count);
        return results;
    }

    private static async Task DripAsync(Socket listener, byte[] bytes, CancellationToken stop)
    {
        using var socket = await listener.AcceptAsync(CancellationToken.None);
        foreach (var value in bytes)
        {
            try
            {
                await Task.Delay(100, stop);
                await socket.SendAsync(new[] { value }, SocketFlags.None, stop);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }
}
