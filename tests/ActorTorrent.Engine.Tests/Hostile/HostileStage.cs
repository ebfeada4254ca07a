using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>What a case plays on: peers with addresses of their own, what the journal is to say of each, torrents of its own where it needs one.</summary>
internal sealed class HostileStage(HostileWorld world, HostileCase one) : IAsyncDisposable
{
    public const PeerCapabilities Both = PeerCapabilities.Fast | PeerCapabilities.Extended;

    private readonly Dictionary<IPAddress, Expected[]> _expected = [];
    private readonly List<IAsyncDisposable> _things = [];
    private readonly List<InfoHash> _torrents = [];
    private IReadOnlyList<FaultJournalEntry>? _observed;

    public HostileWorld World { get; } = world;

    public EngineContext Context => World.Engine.Context;

    public InfoHash InfoHash => World.Content.InfoHash;

    public FileLayout Layout => World.Content.Layout;

    public int Port => World.Torrent.ListenPort;

    /// <summary>Somebody of whom the journal is to say what the case says, or what is given here.</summary>
    public IPAddress Guilty(IPAddress address, params Expected[] expected)
    {
        _expected[address] = expected.Length > 0 ? expected : one.Expected;
        return address;
    }

    /// <summary>Somebody of whom the journal is to say nothing.</summary>
    public IPAddress Innocent(IPAddress address)
    {
        _expected[address] = [];
        return address;
    }

    public IPAddress GuiltyAddress(params Expected[] expected) => Guilty(LoopbackAddresses.Next(), expected);

    public IPAddress InnocentAddress() => Innocent(LoopbackAddresses.Next());

    /// <summary>Dials and says nothing.</summary>
    public async Task<WirePeer> ConnectAsync(IPAddress from) => Keep(await WirePeer.ConnectAsync(Port, Layout.PieceCount, from));

    /// <summary>Dials and shakes hands, as a peer of the honest torrent where no other is given.</summary>
    public async Task<WirePeer> DialAsync(
        IPAddress from, PeerCapabilities capabilities = Both, InfoHash? torrent = null, int? pieces = null, PeerId? id = null, int? receiveBuffer = null)
        => Keep(await WirePeer.DialAsync(Port, torrent ?? InfoHash, pieces ?? Layout.PieceCount, capabilities, from, id, receiveBuffer));

    /// <summary>A peer that shakes hands, sends these bytes, and must be thrown out.</summary>
    public async Task OffendAsync(byte[] bytes, PeerCapabilities capabilities = Both, params Expected[] expected)
    {
        var peer = await DialAsync(GuiltyAddress(expected), capabilities);
        await peer.TrySendAsync(bytes);
        await peer.ReadToEndAsync();
    }

    /// <summary>Dials, says that it wants something, and waits until it may have it.</summary>
    public async Task<WirePeer> UnchokedAsync(IPAddress from, PeerCapabilities capabilities = Both, int? receiveBuffer = null)
    {
        var peer = await DialAsync(from, capabilities, receiveBuffer: receiveBuffer);
        await peer.SendAsync(PeerMessage.Interested);
        await peer.ReceiveAsync(PeerMessageKind.Unchoke);
        return peer;
    }

    /// <summary>A peer that the engine dials.</summary>
    public async Task<StubPeer> StubAsync(PeerScript script, GeneratedContent content)
        => Keep(await StubPeer.StartAsync(script, content.InfoHash, content));

    /// <summary>A torrent of the case's own in the same engine.</summary>
    public async Task<EngineProtocol.TorrentAdded> AddAsync(TorrentSpec spec)
    {
        lock (_torrents)
            _torrents.Add(spec.InfoHash);
        return await World.Engine.Engine.AddAsync(spec);
    }

    public Task<EngineProtocol.TorrentAdded> AddAsync(GeneratedContent content, params IPEndPoint[] peers)
        => AddAsync(new TorrentSpec(content.Metainfo, World.Folder()) { Peers = peers });

    /// <summary>A small content that no other case has.</summary>
    public GeneratedContent Small(int length = 600_000, int pieceLength = 64 << 10) => new(
        FormattableString.Invariant($"case {one.Number}"), (ulong)(5_000 + one.Number), pieceLength, [new("file.bin", length)]);

    public async Task<LabTracker> TrackerAsync(TrackerFault? fault, IPAddress? address = null)
    {
        var tracker = Keep(new LabTracker(new LabTrackerOptions { Fault = fault }));
        await tracker.StartAsync(address);
        return tracker;
    }

    public void Introduce(EngineProtocol.TorrentAdded torrent, params IPEndPoint[] peers)
        => torrent.Coordinator.Tell(new CoordinatorProtocol.AddPeers(peers), ActorRefs.NoSender);

    public Task CompletesAsync(InfoHash torrent) => Eventually.HoldsAsync(
        () => World.Journal.Events<TorrentEvent.Completed>().Any(done => done.InfoHash == torrent), () => $"{torrent} does not complete");

    public static Task<TorrentSnapshot> SnapshotAsync(EngineProtocol.TorrentAdded torrent) => TorrentEngine.SnapshotAsync(torrent);

    /// <summary>Waits until the journal holds what it is to hold, sees that the honest go on, and then that it holds nothing more.</summary>
    public async Task JudgeAsync()
    {
        await Eventually.HoldsAsync(
            () => _expected.All(pair => Counts(pair.Key, pair.Value).All(static count => count.Count >= count.Expected.Least)), Describe);
        await World.HonestGoOnAsync();
        _observed = Read();
        var wrong = _expected.Any(pair =>
            Counts(pair.Key, pair.Value).Any(static count => count.Count < count.Expected.Least || count.Count > count.Expected.Most)
            || World.Journal.Of(pair.Key).Any(entry => !pair.Value.Any(expected => Fits(expected, entry))));
        Assert.False(wrong, Describe());
    }

    /// <summary>The journal's entries of this case's peers, when it was judged.</summary>
    public IReadOnlyList<FaultJournalEntry> Observed() => _observed ?? Read();

    public T Keep<T>(T thing)
        where T : IAsyncDisposable
    {
        lock (_things)
            _things.Add(thing);
        return thing;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in Enumerable.Reverse(_things))
            await thing.DisposeAsync();
        foreach (var torrent in _torrents)
            await World.Engine.Engine.PauseAsync(torrent);
    }

    private static bool Fits(Expected expected, FaultJournalEntry entry) => expected.Cause == entry.Fault.Cause && expected.Action == entry.Decision.Action;

    private IEnumerable<(Expected Expected, int Count)> Counts(IPAddress address, Expected[] expected)
    {
        var entries = World.Journal.Of(address);
        return expected.Select(one => (one, entries.Count(entry => Fits(one, entry))));
    }

    private IReadOnlyList<FaultJournalEntry> Read() => [.. _expected.Keys.SelectMany(World.Journal.Of)];

    /// <summary>What was expected, and what the journal holds.</summary>
    public string Describe() => string.Join('\n', _expected.Select(pair =>
        $"{pair.Key}: expected {(pair.Value.Length == 0 ? "nothing" : string.Join(", ", pair.Value.AsEnumerable()))}; the journal holds "
        + $"{string.Join(", ", World.Journal.Of(pair.Key).Select(static entry => $"{FaultNames.Of(entry.Fault.Cause)} → {FaultNames.Of(entry.Decision.Action)} ({entry.Fault.Detail})"))}"));
}
