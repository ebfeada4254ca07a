using System.Globalization;
using System.Net;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>The peers that a magnet link names, looked up.</summary>
internal static class MagnetPeers
{
    /// <summary>An endpoint for every address of every peer. One that cannot be looked up is left out: the link comes from somebody else.</summary>
    /// <param name="magnet">The link.</param>
    /// <param name="error">Where to say what is left out.</param>
    /// <param name="stop">Gives up the look-ups.</param>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(MagnetLink magnet, TextWriter error, CancellationToken stop)
    {
        var all = await Task.WhenAll(magnet.Peers.Select(peer => LookUpAsync(peer, error, stop))).ConfigureAwait(false);
        return [.. all.SelectMany(static found => found)];
    }

    private static async Task<IReadOnlyList<IPEndPoint>> LookUpAsync(MagnetPeer peer, TextWriter error, CancellationToken stop)
    {
        if (IPAddress.TryParse(peer.Host, out var address))
            return [new IPEndPoint(address, peer.Port)];
        try
        {
            return await PeerArgument.ResolveAsync(peer.ToString(), stop).ConfigureAwait(false);
        }
        catch (InputException e)
        {
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The magnet link's peer {peer} is left out: {e.Message}")).ConfigureAwait(false);
            return [];
        }
    }
}
