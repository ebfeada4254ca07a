using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Trackers;

/// <summary>Asking an HTTP tracker for numbers alone (BEP 48), both sides of it.</summary>
public static class HttpScrape
{
    private const string Announce = "announce";

    /// <summary>
    /// The URL to ask: the announce URL with <c>announce</c> at the start of its last path segment replaced by <c>scrape</c>. False when it
    /// does not start so; the tracker then offers no scrape.
    /// </summary>
    /// <param name="tracker">The announce URL.</param>
    /// <param name="torrents">The torrents asked for; one at least.</param>
    /// <param name="scrape">The URL.</param>
    /// <exception cref="ArgumentException">The tracker's URL is neither http nor https, or no torrent is asked for.</exception>
    public static bool TryBuildUri(Uri tracker, IReadOnlyCollection<InfoHash> torrents, [NotNullWhen(true)] out Uri? scrape)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(torrents);
        HttpAnnounce.RefuseOther(tracker);
        if (torrents.Count == 0)
            throw new ArgumentException("Ask for one torrent at least.", nameof(torrents));
        scrape = null;
        var path = tracker.AbsolutePath;
        var last = path.LastIndexOf('/') + 1;
        if (!path.AsSpan(last).StartsWith(Announce, StringComparison.Ordinal))
            return false;
        var query = new StringBuilder(80 * torrents.Count);
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        foreach (var torrent in torrents)
        {
            torrent.CopyTo(bytes);
            query.Append(query.Length == 0 ? "info_hash=" : "&info_hash=").AppendBytes(bytes);
        }
        var address = new UriBuilder(tracker) { Path = string.Concat(path.AsSpan(0, last), "scrape", path.AsSpan(last + Announce.Length)) };
        scrape = QueryText.Extend(address.Uri, query.ToString());
        return true;
    }

    /// <summary>Reads a tracker's answer.</summary>
    /// <param name="body">The body of the HTTP response, decompressed.</param>
    /// <exception cref="TrackerFailureException">The tracker refused and said why.</exception>
    /// <exception cref="TrackerResponseException">The answer cannot be understood.</exception>
    public static IReadOnlyDictionary<InfoHash, ScrapeEntry> ParseResponse(ReadOnlyMemory<byte> body)
    {
        var answer = BencodeFields.Parse(body, (field, offset, message) => new TrackerResponseException(field, offset, message));
        HttpAnnounce.ThrowFailure(answer);
        var files = answer.Fields("files") ?? throw answer.Fault("files", "is missing");
        var result = new Dictionary<InfoHash, ScrapeEntry>();
        foreach (var (key, value) in files.Values)
        {
            // The key is no text, so the path to its value cannot be named: the dictionary's own is.
            if (key.Value.Length != InfoHash.Length)
                throw answer.Fault("files", $"has a key of {key.Value.Length} bytes; an info hash has {InfoHash.Length}");
            var entry = files.Within(
                value as BDictionary ?? throw answer.Fault("files", "must hold a dictionary for each torrent"), files.Path);
            result[new InfoHash(key.Value.Span)] = new ScrapeEntry(
                HttpAnnounce.ReadCount(entry, "complete") ?? 0,
                HttpAnnounce.ReadCount(entry, "downloaded") ?? 0,
                HttpAnnounce.ReadCount(entry, "incomplete") ?? 0);
        }
        return result;
    }

    /// <summary>Reads the torrents that a client asks for.</summary>
    /// <param name="rawQuery">The URL's query as it came, still escaped, with or without the leading question mark.</param>
    /// <param name="torrents">The torrents; none when the client asks for all.</param>
    /// <param name="error">What is wrong, fit for <see cref="HttpAnnounceServer.WriteFailure"/>, when nothing was read.</param>
    public static bool TryParse(string rawQuery, out IReadOnlyList<InfoHash> torrents, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(rawQuery);
        var found = new List<InfoHash>();
        torrents = found;
        if (!QueryText.TrySplit(rawQuery, out var fields, out error))
            return false;
        foreach (var (name, value) in fields)
        {
            if (name != "info_hash")
                continue;
            if (value.Length != InfoHash.Length)
            {
                error = "info_hash is not what it should be";
                return false;
            }
            found.Add(new InfoHash(value));
        }
        return true;
    }

    /// <summary>Writes an answer; <see cref="ParseResponse"/> reads it.</summary>
    public static byte[] WriteResponse(IReadOnlyDictionary<InfoHash, ScrapeEntry> torrents)
    {
        ArgumentNullException.ThrowIfNull(torrents);
        var files = new BDictionary();
        foreach (var (torrent, entry) in torrents)
        {
            files[new BString(torrent.ToArray())] = new BDictionary
            {
                ["complete"] = new BNumber(entry.Seeders),
                ["downloaded"] = new BNumber(entry.Downloaded),
                ["incomplete"] = new BNumber(entry.Leechers),
            };
        }
        return new BDictionary { ["files"] = files }.EncodeAsBytes();
    }
}
