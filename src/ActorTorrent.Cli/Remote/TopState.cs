using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>A service at one moment, as far as <c>top</c> shows it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Session">The session in numbers.</param>
/// <param name="Torrents">Its torrents, the busiest first.</param>
/// <param name="Peers">The peers of the busiest torrents, a torrent an item.</param>
/// <param name="Faults">The last faults, the oldest first.</param>
internal sealed record TopState(
    Uri Url, SessionResource Session, IReadOnlyList<TorrentResource> Torrents, IReadOnlyList<PeersResource> Peers, IReadOnlyList<FaultResource> Faults)
{
    private const int MostFaults = 8;

    // More torrents than these have no peer among the busiest that fit on a screen.
    private const int MostAsked = 10;

    /// <summary>Asks a service.</summary>
    /// <exception cref="RemoteException">It does not answer.</exception>
    public static async Task<TopState> FetchAsync(RemoteClient client, CancellationToken stop)
    {
        var session = client.SessionAsync(stop);
        var faults = client.FaultsAsync(infoHash: null, after: 0, MostFaults, stop);
        var torrents = (await client.TorrentsAsync(stop).ConfigureAwait(false))
            .OrderByDescending(static torrent => torrent.DownloadRate + torrent.UploadRate)
            .ThenByDescending(static torrent => torrent.Peers.Running)
            .ThenBy(static torrent => torrent.IsPaused)
            .ThenBy(static torrent => torrent.Id)
            .ToArray();
        var peers = await Task.WhenAll(torrents.Where(static torrent => torrent.Peers.Running > 0).Take(MostAsked).Select(PeersAsync)).ConfigureAwait(false);
        return new TopState(client.Url, await session.ConfigureAwait(false), torrents, peers, await faults.ConfigureAwait(false));

        async Task<PeersResource> PeersAsync(TorrentResource torrent)
        {
            try
            {
                return new PeersResource(torrent.Id, torrent.InfoHash, await client.PeersAsync(torrent.Id, stop).ConfigureAwait(false));
            }
            catch (RemoteException e) when (e.Status == HttpStatusCode.NotFound)
            {
                // It went meanwhile.
                return new PeersResource(torrent.Id, torrent.InfoHash, []);
            }
        }
    }

    /// <summary>As one line of JSON.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("session");
            JsonSerializer.Serialize(json, Session, ApiJson.Default.SessionResource);
            json.WritePropertyName("torrents");
            JsonSerializer.Serialize(json, Torrents, ApiJson.Default.IReadOnlyListTorrentResource);
            json.WriteStartArray("peers");
            foreach (var peers in Peers)
                JsonSerializer.Serialize(json, peers, ApiJson.Default.PeersResource);
            json.WriteEndArray();
            json.WritePropertyName("faults");
            JsonSerializer.Serialize(json, Faults, ApiJson.Default.IReadOnlyListFaultResource);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
