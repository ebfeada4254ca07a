using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>
/// The swarm of the project's first write-up: 50 peers of a tracker's answer, of which 13 answer the handshake, 23 time out, 6 refuse,
/// 7 close before 68 bytes and 1 resets.
/// </summary>
public static class FirstWriteupSwarm
{
    /// <summary>How many answer.</summary>
    public const int Answering = 13;

    /// <summary>How many never complete the connect.</summary>
    public const int ConnectTimeouts = 12;

    /// <summary>How many accept and do not finish a handshake.</summary>
    public const int HandshakeTimeouts = 11;

    /// <summary>How many refuse.</summary>
    public const int Refusing = 6;

    /// <summary>How many close before 68 bytes.</summary>
    public const int Closing = 7;

    /// <summary>How many reset.</summary>
    public const int Resetting = 1;

    /// <summary>How many there are.</summary>
    public const int Size = Answering + ConnectTimeouts + HandshakeTimeouts + Refusing + Closing + Resetting;

    private static readonly string[] Clients =
    [
        "-TR4040-", "-TR4040-", "-TR4040-", "-TR3000-", "-TR2940-", "A2-1-36-0-", "A2-1-36-0-", "-lt0D80-", "-lt0D80-", "-qB4520-",
        "-DE211s-", "-LT20B0-", "-UT3560-",
    ];

    /// <summary>Where each of the closing ones stops: nothing, mid-protocol, on each field's edge, one byte short.</summary>
    private static readonly int[] CloseAfter = [0, 0, 1, 20, 28, 48, 67];

    /// <summary>The scripts of all 50 in a shuffled order, in which nothing tells who will answer.</summary>
    /// <param name="seed">What decides the order and the ids.</param>
    /// <param name="answering">How the 13 that answer serve; their ids are given here. Null: as fast as it goes.</param>
    /// <exception cref="ArgumentException">There are not 13 that answer.</exception>
    public static IReadOnlyList<PeerScript> Create(int seed, IReadOnlyList<PeerScript>? answering = null)
    {
        answering ??= [.. Enumerable.Repeat(PeerScript.Healthy(), Answering)];
        if (answering.Count != Answering)
            throw new ArgumentException($"{Answering} peers answer, not {answering.Count}.", nameof(answering));
        var random = new Random(seed);
        var scripts = new List<PeerScript>(Size);
        for (var i = 0; i < Answering; i++)
            scripts.Add(answering[i] with { PeerId = StubPeerIds.Create(Clients[i], random) });
        scripts.AddRange(Enumerable.Repeat(PeerScript.NeverAccepts(), ConnectTimeouts));
        // Most say nothing at all; the last two start a handshake and leave it there.
        for (var i = 0; i < HandshakeTimeouts; i++)
            scripts.Add(PeerScript.Silent(i switch { 9 => 20, 10 => 48, _ => 0 }));
        scripts.AddRange(Enumerable.Repeat(PeerScript.Refuses(), Refusing));
        foreach (var bytes in CloseAfter)
            scripts.Add(PeerScript.ClosesHandshake(bytes));
        scripts.Add(PeerScript.ResetsHandshake());
        for (var i = 0; i < scripts.Count; i++)
            scripts[i] = scripts[i] with { Seed = seed + i };
        var shuffled = scripts.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}
