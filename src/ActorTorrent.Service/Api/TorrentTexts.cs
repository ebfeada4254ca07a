using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Api;

/// <summary>
/// Torrents as JSON, each written once for as long as nothing about it changes: a list of a thousand, of which few move, is put together from
/// what is there. Safe for use from several threads.
/// </summary>
internal sealed class TorrentTexts
{
    private readonly ConditionalWeakTable<TorrentView, byte[]> _texts = [];
    private readonly ConditionalWeakTable<EngineProtocol.TorrentAdded, Shared<byte[]>> _pieces = [];
    private readonly ConditionalWeakTable<EngineProtocol.TorrentAdded, Shared<byte[]>> _peers = [];
    private readonly ConditionalWeakTable<EngineProtocol.TorrentAdded, Shared<byte[]>> _files = [];
    private readonly WeakReference<Listed?> _list = new(null);

    /// <summary>A torrent, in UTF-8.</summary>
    public byte[] Of(TorrentView view) => _texts.GetValue(
        view, static view => JsonSerializer.SerializeToUtf8Bytes(ApiMapping.Of(view), ApiJson.Default.TorrentResource));

    /// <summary>All torrents, in UTF-8.</summary>
    public byte[] Of(SessionProtocol.Torrents state)
    {
        if (_list.TryGetTarget(out var last) && last.Revision == state.Revision)
            return last.Text;
        var texts = new byte[state.All.Count][];
        var length = 2 + Math.Max(0, texts.Length - 1);
        for (var at = 0; at < texts.Length; at++)
        {
            texts[at] = Of(state.All[at]);
            length += texts[at].Length;
        }
        var all = new byte[length];
        var end = 0;
        all[end++] = (byte)'[';
        foreach (var text in texts)
        {
            if (end > 1)
                all[end++] = (byte)',';
            text.CopyTo(all, end);
            end += text.Length;
        }
        all[end] = (byte)']';
        _list.SetTarget(new Listed(state.Revision, all));
        return all;
    }

    /// <summary>A torrent's pieces, in UTF-8: made once for all who ask at about the same time.</summary>
    /// <param name="route">The torrent.</param>
    /// <param name="make">Asks it.</param>
    public Task<byte[]> PiecesAsync(EngineProtocol.TorrentAdded route, Func<Task<byte[]>> make) => SharedOf(_pieces, route).GetAsync(make);

    /// <summary>A torrent's peers, in UTF-8, likewise.</summary>
    /// <param name="route">The torrent.</param>
    /// <param name="make">Asks it.</param>
    public Task<byte[]> PeersAsync(EngineProtocol.TorrentAdded route, Func<Task<byte[]>> make) => SharedOf(_peers, route).GetAsync(make);

    /// <summary>A torrent's files, in UTF-8, likewise for as long as nothing about the torrent changes.</summary>
    /// <param name="view">The torrent, which the engine has.</param>
    /// <param name="make">Asks it.</param>
    public Task<byte[]> FilesAsync(TorrentView view, Func<Task<byte[]>> make) => SharedOf(_files, view.RouteOf()).GetAsync(make, view);

    private static Shared<byte[]> SharedOf(ConditionalWeakTable<EngineProtocol.TorrentAdded, Shared<byte[]>> of, EngineProtocol.TorrentAdded route) =>
        of.GetValue(route, static _ => new Shared<byte[]>(TimeProvider.System));

    private sealed record Listed(long Revision, byte[] Text);
}
