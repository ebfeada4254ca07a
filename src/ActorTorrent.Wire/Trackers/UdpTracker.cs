using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Trackers;

/// <summary>The client's side of UDP trackers (BEP 15; URL data BEP 41): datagrams ↔ values.</summary>
public static class UdpTracker
{
    /// <summary>The scheme of their URLs.</summary>
    public const string Scheme = "udp";

    /// <summary>How many torrents one scrape may name: 74, as BEP 15 says, so that no datagram is cut into pieces on its way.</summary>
    public const int MaxScrape = 74;

    /// <summary>The least size of an answer in bytes: action and transaction id.</summary>
    public const int HeaderLength = 8;

    /// <summary>The size of a request for a connection id in bytes.</summary>
    public const int ConnectLength = 16;

    /// <summary>The size of an announce without options in bytes.</summary>
    public const int AnnounceLength = 98;

    /// <summary>The longest path and query of a tracker's URL that is sent along, in bytes: 1,024.</summary>
    public const int MaxUrlData = 1024;

    internal const ulong ProtocolId = 0x41727101980;
    internal const int RequestHeaderLength = 16;
    internal const int ScrapeEntryLength = 12;
    internal const int PeersOffset = 20;
    internal const byte EndOfOptions = 0;
    internal const byte NoOperation = 1;
    internal const byte UrlDataOption = 2;

    private const int MaxErrorText = 512;

    /// <summary>Asks for a connection id.</summary>
    /// <param name="transactionId">By which the answer is known.</param>
    public static byte[] WriteConnect(uint transactionId)
    {
        var datagram = new byte[ConnectLength];
        WriteHeader(datagram, ProtocolId, UdpAction.Connect, transactionId);
        return datagram;
    }

    /// <summary>Announces. The tracker's URL goes along (BEP 41) when there is more to it than host and port.</summary>
    /// <param name="tracker">The announce URL.</param>
    /// <param name="connectionId">The id that the tracker gave.</param>
    /// <param name="transactionId">By which the answer is known.</param>
    /// <param name="request">What to tell; the tracker id has no place in it and is left out.</param>
    /// <exception cref="ArgumentException">The URL's path and query take more than 1,024 bytes.</exception>
    public static byte[] WriteAnnounce(Uri tracker, ulong connectionId, uint transactionId, AnnounceRequest request)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(request);
        var urlData = tracker.PathAndQuery is "/" or "" ? [] : Encoding.UTF8.GetBytes(tracker.PathAndQuery);
        if (urlData.Length > MaxUrlData)
            throw new ArgumentException($"Path and query of a UDP tracker's URL take {urlData.Length} bytes; at most {MaxUrlData} are sent.", nameof(tracker));
        var parts = (urlData.Length + byte.MaxValue - 1) / byte.MaxValue;
        var datagram = new byte[AnnounceLength + (2 * parts) + urlData.Length];
        var bytes = datagram.AsSpan();
        WriteHeader(bytes, connectionId, UdpAction.Announce, transactionId);
        request.InfoHash.CopyTo(bytes[16..]);
        request.PeerId.CopyTo(bytes[36..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[56..], request.Downloaded);
        BinaryPrimitives.WriteInt64BigEndian(bytes[64..], request.Left);
        BinaryPrimitives.WriteInt64BigEndian(bytes[72..], request.Uploaded);
        BinaryPrimitives.WriteInt32BigEndian(bytes[80..], EventNumber(request.Event));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[88..], request.Key);
        BinaryPrimitives.WriteInt32BigEndian(bytes[92..], request.NumWant);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[96..], request.Port);
        var options = bytes[AnnounceLength..];
        foreach (var part in urlData.Chunk(byte.MaxValue))
        {
            options[0] = UrlDataOption;
            options[1] = (byte)part.Length;
            part.CopyTo(options[2..]);
            options = options[(2 + part.Length)..];
        }
        return datagram;
    }

    /// <summary>Asks for the numbers of torrents.</summary>
    /// <param name="connectionId">The id that the tracker gave.</param>
    /// <param name="transactionId">By which the answer is known.</param>
    /// <param name="infoHashes">The torrents, 1 to <see cref="MaxScrape"/>.</param>
    /// <exception cref="ArgumentException">There are none or too many.</exception>
    public static byte[] WriteScrape(ulong connectionId, uint transactionId, IReadOnlyList<InfoHash> infoHashes)
    {
        ArgumentNullException.ThrowIfNull(infoHashes);
        if (infoHashes.Count is 0 or > MaxScrape)
            throw new ArgumentException($"A scrape names 1 to {MaxScrape} torrents, not {infoHashes.Count}.", nameof(infoHashes));
        var datagram = new byte[RequestHeaderLength + (infoHashes.Count * InfoHash.Length)];
        WriteHeader(datagram, connectionId, UdpAction.Scrape, transactionId);
        for (var i = 0; i < infoHashes.Count; i++)
            infoHashes[i].CopyTo(datagram.AsSpan(RequestHeaderLength + (i * InfoHash.Length)));
        return datagram;
    }

    /// <summary>Reads what every answer begins with. False when it is too short for that.</summary>
    /// <param name="datagram">The answer.</param>
    /// <param name="action">What it is about; may be none of the enumeration's.</param>
    /// <param name="transactionId">Which question it answers.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> datagram, out UdpAction action, out uint transactionId)
    {
        var isWhole = datagram.Length >= HeaderLength;
        action = isWhole ? (UdpAction)BinaryPrimitives.ReadInt32BigEndian(datagram) : UdpAction.Error;
        transactionId = isWhole ? BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) : 0;
        return isWhole;
    }

    /// <summary>Reads the connection id of an answer.</summary>
    /// <param name="datagram">The answer.</param>
    /// <exception cref="TrackerFailureException">The tracker refused and said why.</exception>
    /// <exception cref="TrackerResponseException">It is no answer to this question, or too short.</exception>
    public static ulong ReadConnect(ReadOnlySpan<byte> datagram)
    {
        Expect(datagram, UdpAction.Connect, 16);
        return BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]);
    }

    /// <summary>Reads the answer to an announce.</summary>
    /// <param name="datagram">The answer.</param>
    /// <param name="family">What it came over; says whether its peers have IPv4 or IPv6 addresses.</param>
    /// <exception cref="TrackerFailureException">The tracker refused and said why.</exception>
    /// <exception cref="TrackerResponseException">It is no answer to this question, or cannot be understood.</exception>
    public static AnnounceResponse ReadAnnounce(ReadOnlySpan<byte> datagram, AddressFamily family)
    {
        Expect(datagram, UdpAction.Announce, PeersOffset);
        var seconds = BinaryPrimitives.ReadInt32BigEndian(datagram[8..]);
        if (seconds < 0)
            throw new TrackerResponseException("interval", 8, FormattableString.Invariant($"is {seconds}; it must be 0 seconds or more"));
        var size = family == AddressFamily.InterNetworkV6 ? CompactPeers.V6Length : CompactPeers.V4Length;
        var bytes = datagram[PeersOffset..];
        if (bytes.Length % size != 0)
            throw new TrackerResponseException("peers", PeersOffset, FormattableString.Invariant($"is {bytes.Length} bytes long; it must be a multiple of {size}"));
        var peers = new List<TrackerPeer>(Math.Min(bytes.Length / size, HttpAnnounce.MaxPeers));
        var skipped = 0;
        for (; bytes.Length > 0; bytes = bytes[size..])
        {
            var peer = CompactPeers.Read(bytes[..size]);
            if (peer.Port == 0 || peers.Count == HttpAnnounce.MaxPeers)
                skipped++;
            else
                peers.Add(new TrackerPeer(peer, null));
        }
        return new AnnounceResponse(
            TimeSpan.FromSeconds(seconds), null, peers, ReadCount(datagram[16..]), ReadCount(datagram[12..]), null, null)
        {
            SkippedPeers = skipped,
        };
    }

    /// <summary>Reads the answer to a scrape: an entry a torrent, in the order asked.</summary>
    /// <param name="datagram">The answer.</param>
    /// <param name="count">How many torrents were asked for.</param>
    /// <exception cref="TrackerFailureException">The tracker refused and said why.</exception>
    /// <exception cref="TrackerResponseException">It is no answer to this question, or cannot be understood.</exception>
    public static IReadOnlyList<ScrapeEntry> ReadScrape(ReadOnlySpan<byte> datagram, int count)
    {
        Expect(datagram, UdpAction.Scrape, HeaderLength + (count * ScrapeEntryLength));
        if (datagram.Length != HeaderLength + (count * ScrapeEntryLength))
        {
            throw new TrackerResponseException(
                "torrents", HeaderLength, FormattableString.Invariant($"is {datagram.Length - HeaderLength} bytes long; {count} torrents take {count * ScrapeEntryLength}"));
        }
        var result = new ScrapeEntry[count];
        for (var i = 0; i < count; i++)
        {
            var entry = datagram.Slice(HeaderLength + (i * ScrapeEntryLength), ScrapeEntryLength);
            result[i] = new ScrapeEntry(ReadCount(entry) ?? 0, ReadCount(entry[4..]) ?? 0, ReadCount(entry[8..]) ?? 0);
        }
        return result;
    }

    internal static void WriteHeader(Span<byte> datagram, ulong connectionId, UdpAction action, uint transactionId)
    {
        BinaryPrimitives.WriteUInt64BigEndian(datagram, connectionId);
        BinaryPrimitives.WriteInt32BigEndian(datagram[8..], (int)action);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[12..], transactionId);
    }

    private static int EventNumber(AnnounceEvent value) => value switch
    {
        AnnounceEvent.Completed => 1,
        AnnounceEvent.Started => 2,
        AnnounceEvent.Stopped => 3,
        _ => 0,
    };

    private static void Expect(ReadOnlySpan<byte> datagram, UdpAction expected, int length)
    {
        if (!TryReadHeader(datagram, out var action, out _))
            throw new TrackerResponseException("", 0, FormattableString.Invariant($"is {datagram.Length} bytes long; the shortest has {HeaderLength}"));
        if (action == UdpAction.Error)
            throw new TrackerFailureException(BencodeText.Decode(Text(datagram[HeaderLength..])));
        if (action != expected)
            throw new TrackerResponseException("action", 0, FormattableString.Invariant($"is {(int)action}; the question's was {(int)expected}"));
        if (datagram.Length < length)
            throw new TrackerResponseException("", datagram.Length, FormattableString.Invariant($"is cut short: {datagram.Length} bytes where {length} are due"));
    }

    /// <summary>Some trackers end their text with a zero byte.</summary>
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.TrimEnd((byte)0);
        return text.IsEmpty ? "no reason given"u8 : text[..Math.Min(text.Length, MaxErrorText)];
    }

    /// <summary>A count that only informs: null when it makes no sense.</summary>
    private static int? ReadCount(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes) is var count and >= 0 ? count : null;
}
