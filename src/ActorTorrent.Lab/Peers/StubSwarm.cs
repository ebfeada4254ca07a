using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Peers;

/// <summary>Stub peers that were started together and are stopped together.</summary>
public sealed class StubSwarm : IAsyncDisposable
{
    private StubSwarm(IReadOnlyList<StubPeer> peers) => Peers = peers;

    /// <summary>The peers, in the order of their scripts.</summary>
    public IReadOnlyList<StubPeer> Peers { get; }

    /// <summary>Starts a peer for each script.</summary>
    /// <param name="scripts">How each behaves.</param>
    /// <param name="infoHash">The torrent they serve.</param>
    /// <param name="content">What they serve; null for peers that have nothing.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<StubSwarm> StartAsync(
        IEnumerable<PeerScript> scripts, InfoHash infoHash, GeneratedContent? content = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        // Together, because filling a backlog takes its time.
        var starts = scripts.Select(script => StubPeer.StartAsync(script, infoHash, content, cancellation: cancellation)).ToArray();
        try
        {
            return new StubSwarm(await Task.WhenAll(starts));
        }
        catch
        {
            foreach (var start in starts.Where(static start => start.IsCompletedSuccessfully))
                await (await start).DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops every peer.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var peer in Peers)
            await peer.DisposeAsync();
    }
}
