using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Wire.Trackers;

/// <summary>The tracker's side of UDP trackers (BEP 15; URL data BEP 41): datagrams ↔ values.</summary>
public static class UdpTrackerServer
{
    /// <summary>Reads a client's datagram. False when it is none: then nothing is answered.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="request">What it asks.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out UdpRequest? request)
    {
        request = null;
        if (datagram.Length < UdpTracker.RequestHeaderLength)
            return false;
        var connectionId = BinaryPrimitives.ReadUInt64BigEndian(datagram);
        var transactionId = BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]);
        request = (UdpAction)BinaryPrimitives.ReadInt32BigEndian(datagram[8..]) switch
        {
            UdpAction.Connect when connectionId == UdpTracker.ProtocolId => new UdpRequest.Connect(transactionId),
            UdpAction.Announce => ReadAnnounce(datagram, connectionId, transactionId),
            UdpAction.Scrape => ReadScrape(datagram, connectionId, transactionId),
            _ => null,
        };
        return request is not null;
    }

    /// <summary>Gives a connection id.</summary>
    /// <param name="transactionId">The question's.</param>
    /// <param name="connectionId">The id.</param>
    public static byte[] WriteConnect(uint transactionId, ulong connectionId)
    {
        var datagram = new byte[16];
        WriteHeader(datagram, UdpAction.Connect, transactionId);
        BinaryPrimitives.WriteUInt64BigEndian(datagram.AsSpan(8), connectionId);
        return datagram;
    }

    /// <summary>Answers an announce. What has no place in a datagram (warning, tracker id, peers of the other family) is left out.</summary>
    /// <param name="transactionId">The question's.</param>
    /// <param name="response">The answer.</param>
    /// <param name="family">What the question came over.</param>
    public static byte[] WriteAnnounce(uint transactionId, AnnounceResponse response, AddressFamily family)
    {
        ArgumentNullException.ThrowIfNull(response);
        var peers = response.Peers.Where(peer => peer.EndPoint.AddressFamily == family).ToArray();
        var size = family == AddressFamily.InterNetworkV6 ? CompactPeers.V6Length : CompactPeers.V4Length;
        var datagram = new byte[UdpTracker.PeersOffset + (peers.Length * size)];
        WriteHeader(datagram, UdpAction.Announce, transactionId);
        BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(8), (int)Math.Min(response.Interval.TotalSeconds, int.MaxValue));
        BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(12), response.Leechers ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(datagram.AsSpan(16), response.Seeders ?? 0);
        var at = UdpTracker.PeersOffset;
        foreach (var peer in peers)
            at += CompactPeers.Write(datagram.AsSpan(at), peer.EndPoint);
        return datagram;
    }

    /// <summary>Answers a scrape.</summary>
    /// <param name="transactionId">The question's.</param>
    /// <param name="entries">An entry a torrent, in the order asked.</param>
    public static byte[] WriteScrape(uint transactionId, IReadOnlyList<ScrapeEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var datagram = new byte[UdpTracker.HeaderLength + (entries.Count * UdpTracker.ScrapeEntryLength)];
        WriteHeader(datagram, UdpAction.Scrape, transactionId);
        for (var i = 0; i < entries.Count; i++)
        {
            var bytes = datagram.AsSpan(UdpTracker.HeaderLength + (i * UdpTracker.ScrapeEntryLength));
            BinaryPrimitives.WriteInt32BigEndian(bytes, entries[i].Seeders);
            BinaryPrimitives.WriteInt32BigEndian(bytes[4..], entries[i].Downloaded);
            BinaryPrimitives.WriteInt32BigEndian(bytes[8..], entries[i].Leechers);
        }
        return datagram;
    }

    /// <summary>Refuses.</summary>
    /// <param name="transactionId">The question's.</param>
    /// <param name="reason">Why, for people to read.</param>
    public static byte[] WriteError(uint transactionId, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var datagram = new byte[UdpTracker.HeaderLength + text.Length];
        WriteHeader(datagram, UdpAction.Error, transactionId);
        text.CopyTo(datagram, UdpTracker.HeaderLength);
        return datagram;
    }

    private static void WriteHeader(Span<byte> datagram, UdpAction action, uint transactionId)
    {
        BinaryPrimitives.WriteInt32BigEndian(datagram, (int)action);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], transactionId);
    }

    private static UdpRequest.Announce? ReadAnnounce(ReadOnlySpan<byte> datagram, ulong connectionId, uint transactionId)
    {
        if (datagram.Length < UdpTracker.AnnounceLength || !TryReadOptions(datagram[UdpTracker.AnnounceLength..], out var urlData))
            return null;
        var why = BinaryPrimitives.ReadInt32BigEndian(datagram[80..]);
        var downloaded = BinaryPrimitives.ReadInt64BigEndian(datagram[56..]);
        var left = BinaryPrimitives.ReadInt64BigEndian(datagram[64..]);
        var uploaded = BinaryPrimitives.ReadInt64BigEndian(datagram[72..]);
        var ip = datagram.Slice(84, 4);
        var wanted = BinaryPrimitives.ReadInt32BigEndian(datagram[92..]);
        var request = new AnnounceRequest(
            new InfoHash(datagram.Slice(16, InfoHash.Length)),
            new PeerId(datagram.Slice(36, PeerId.Length)),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[96..]),
            Math.Max(uploaded, 0),
            Math.Max(downloaded, 0),
            // Clients that do not know yet how much there is send −1.
            left < 0 ? long.MaxValue : left,
            why switch
            {
                1 => AnnounceEvent.Completed,
                2 => AnnounceEvent.Started,
                3 => AnnounceEvent.Stopped,
                _ => AnnounceEvent.None,
            },
            Math.Max(wanted, -1),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[88..]));
        return new UdpRequest.Announce(connectionId, transactionId, request, ip.ContainsAnyExcept((byte)0) ? new IPAddress(ip) : null, urlData);
    }

    /// <summary>Reads the options behind an announce (BEP 41). Those not known have a length, too, and are passed over.</summary>
    private static bool TryReadOptions(ReadOnlySpan<byte> options, out string urlData)
    {
        var data = new List<byte>();
        while (options.Length > 0 && options[0] != UdpTracker.EndOfOptions)
        {
            if (options[0] == UdpTracker.NoOperation)
            {
                options = options[1..];
                continue;
            }
            if (options.Length < 2 || options.Length < 2 + options[1])
            {
                urlData = "";
                return false;
            }
            if (options[0] == UdpTracker.UrlDataOption)
                data.AddRange(options.Slice(2, options[1]));
            options = options[(2 + options[1])..];
        }
        urlData = BencodeText.Decode([.. data]);
        return true;
    }

    private static UdpRequest.Scrape? ReadScrape(ReadOnlySpan<byte> datagram, ulong connectionId, uint transactionId)
    {
        var bytes = datagram[UdpTracker.RequestHeaderLength..];
        if (bytes.Length % InfoHash.Length != 0 || bytes.Length > UdpTracker.MaxScrape * InfoHash.Length)
            return null;
        var hashes = new InfoHash[bytes.Length / InfoHash.Length];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = new InfoHash(bytes.Slice(i * InfoHash.Length, InfoHash.Length));
        return new UdpRequest.Scrape(connectionId, transactionId, hashes);
    }
}
