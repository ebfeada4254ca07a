using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Trackers;

/// <summary>The client's side of HTTP trackers (BEP 3; compact peers BEP 23, IPv6 BEP 7, own address BEP 24, retry BEP 31).</summary>
public static class HttpAnnounce
{
    /// <summary>How many peers of one answer are taken: 2,000.</summary>
    public const int MaxPeers = 2000;

    /// <summary>The most bytes of a warning or a failure reason that are kept: 1 KiB.</summary>
    public const int MaxTextLength = 1024;

    /// <summary>The longest tracker id that is given back, in bytes; a longer one would make each request longer than servers take, and is left out.</summary>
    public const int MaxIdLength = 512;

    /// <summary>The interval of an answer that names none: 30 minutes.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(30);

    /// <summary>The URL to ask. A query that the tracker's URL already has stays in front.</summary>
    /// <exception cref="ArgumentException">The tracker's URL is not absolute, or neither http nor https.</exception>
    public static Uri BuildUri(Uri tracker, AnnounceRequest request)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(request);
        RefuseOther(tracker);
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        var query = new StringBuilder(320);
        request.InfoHash.CopyTo(bytes);
        query.Append("info_hash=").AppendBytes(bytes);
        request.PeerId.CopyTo(bytes);
        query.Append("&peer_id=").AppendBytes(bytes);
        query.Append(
            CultureInfo.InvariantCulture,
            $"&port={request.Port}&uploaded={request.Uploaded}&downloaded={request.Downloaded}&left={request.Left}");
        query.Append(CultureInfo.InvariantCulture, $"&compact=1&no_peer_id=1&key={request.Key:X8}");
        if (request.NumWant >= 0)
            query.Append(CultureInfo.InvariantCulture, $"&numwant={request.NumWant}");
        if (EventName(request.Event) is { } name)
            query.Append("&event=").Append(name);
        if (request.TrackerId is { } id)
            query.Append("&trackerid=").AppendBytes(Encoding.UTF8.GetBytes(id));
        return QueryText.Extend(tracker, query.ToString());
    }

    /// <summary>Reads a tracker's answer.</summary>
    /// <param name="body">The body of the HTTP response, decompressed.</param>
    /// <exception cref="TrackerFailureException">The tracker refused and said why.</exception>
    /// <exception cref="TrackerResponseException">The answer cannot be understood.</exception>
    public static AnnounceResponse ParseResponse(ReadOnlyMemory<byte> body)
    {
        var answer = BencodeFields.Parse(body, (field, offset, message) => new TrackerResponseException(field, offset, message));
        ThrowFailure(answer);
        var peers = new List<TrackerPeer>();
        var skipped = ReadPeers(answer, peers);
        if (answer.Bytes("peers6") is { } six)
            skipped += ReadCompact(answer, "peers6", six.Span, CompactPeers.V6Length, peers);
        if (!answer.Has("peers") && !answer.Has("peers6") && !answer.Has("interval"))
            throw answer.Fault(answer.Path, "holds neither peers nor an interval nor a failure reason");
        return new AnnounceResponse(
            ReadSeconds(answer, "interval") ?? DefaultInterval,
            ReadSeconds(answer, "min interval"),
            peers,
            ReadCount(answer, "complete"),
            ReadCount(answer, "incomplete"),
            ReadText(answer, "warning message"),
            answer.Bytes("tracker id") is { Length: <= MaxIdLength } id ? BencodeText.Decode(id.Span) : null)
        {
            ExternalIp = answer.Lenient<BString>("external ip") is { Value.Length: 4 or 16 } ip ? new IPAddress(ip.Value.Span) : null,
            SkippedPeers = skipped,
        };
    }

    /// <summary>The name of an event in a query; null for the one that is not sent.</summary>
    internal static string? EventName(AnnounceEvent value) => value switch
    {
        AnnounceEvent.Started => "started",
        AnnounceEvent.Completed => "completed",
        AnnounceEvent.Stopped => "stopped",
        _ => null,
    };

    /// <summary>Refuses URLs of other schemes.</summary>
    internal static void RefuseOther(Uri tracker)
    {
        if (!tracker.IsAbsoluteUri || (tracker.Scheme != Uri.UriSchemeHttp && tracker.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"An HTTP tracker's URL is absolute and starts with http or https; this is {tracker}.", nameof(tracker));
    }

    /// <summary>Throws what the tracker refused with, if it did.</summary>
    internal static void ThrowFailure(BencodeFields answer)
    {
        if (ReadText(answer, "failure reason") is not { } reason)
            return;
        var never = answer.Lenient<BString>("retry in") is { } word && word.Value.Span.SequenceEqual("never"u8);
        var minutes = answer.Lenient<BNumber>("retry in")?.Value;
        throw new TrackerFailureException(reason)
        {
            NeverRetry = never,
            RetryIn = minutes is > 0 ? TimeSpan.FromMinutes(Math.Min(minutes.Value, int.MaxValue)) : null,
        };
    }

    /// <summary>A count that only informs: null when it is missing or makes no sense.</summary>
    internal static int? ReadCount(BencodeFields fields, string key) =>
        fields.Lenient<BNumber>(key)?.Value is { } value and >= 0 ? (int)Math.Min(value, int.MaxValue) : null;

    private static int ReadPeers(BencodeFields answer, List<TrackerPeer> peers)
    {
        const string Key = "peers";
        if (answer.Lenient<BList>(Key) is { } list)
            return ReadDictionaries(answer, list, peers);
        if (!answer.Has(Key))
            return 0;
        if (answer.Lenient<BString>(Key) is not { } compact)
            throw answer.Fault(Key, "must be a string or a list");
        return ReadCompact(answer, Key, compact.Value.Span, CompactPeers.V4Length, peers);
    }

    private static int ReadCompact(BencodeFields answer, string key, ReadOnlySpan<byte> bytes, int size, List<TrackerPeer> peers)
    {
        if (bytes.Length % size != 0)
            throw answer.Fault(key, $"is {bytes.Length} bytes long; it must be a multiple of {size}");
        var skipped = 0;
        for (; bytes.Length > 0; bytes = bytes[size..])
        {
            if (!TryAdd(peers, CompactPeers.Read(bytes[..size]), null))
                skipped++;
        }
        return skipped;
    }

    private static int ReadDictionaries(BencodeFields answer, BList list, List<TrackerPeer> peers)
    {
        var skipped = 0;
        var path = answer.Path.Key("peers");
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not BDictionary dictionary)
                throw answer.Fault(path.Item(i), "must be a dictionary of ip and port");
            var peer = answer.Within(dictionary, path.Item(i));
            var address = peer.Bytes("ip") ?? throw peer.Fault("ip", "is missing");
            var port = peer.Number("port") ?? throw peer.Fault("port", "is missing");
            if (port is < 0 or > ushort.MaxValue)
                throw peer.Fault("port", $"is {port}; it must be 0 to 65535");
            var id = peer.Lenient<BString>("peer id") is { Value.Length: PeerId.Length } bytes ? new PeerId(bytes.Value.Span) : (PeerId?)null;
            if (!TryLiteral(BencodeText.Decode(address.Span), out var ip) || !TryAdd(peers, new IPEndPoint(ip, (int)port), id))
                skipped++;
        }
        return skipped;
    }

    /// <summary>Reads an address, but not the short forms of IPv4 (<c>12345</c>), which no tracker means.</summary>
    private static bool TryLiteral(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(letter => letter == '.') == 3);

    private static bool TryAdd(List<TrackerPeer> peers, IPEndPoint peer, PeerId? id)
    {
        if (peer.Port == 0 || peers.Count >= MaxPeers)
            return false;
        peers.Add(new TrackerPeer(peer, id));
        return true;
    }

    private static TimeSpan? ReadSeconds(BencodeFields answer, string key)
    {
        if (answer.Number(key) is not { } seconds)
            return null;
        if (seconds < 0)
            throw answer.Fault(key, $"is {seconds}; it must be 0 seconds or more");
        return TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
    }

    private static string? ReadText(BencodeFields answer, string key) =>
        answer.Bytes(key) is { } text ? BencodeText.Decode(text.Span[..Math.Min(text.Length, MaxTextLength)]) : null;
}
