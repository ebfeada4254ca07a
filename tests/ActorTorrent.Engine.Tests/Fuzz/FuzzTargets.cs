using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Tests.Resume;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Discovery;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>Everything that reads what peers, trackers, nodes, and files say.</summary>
internal static class FuzzTargets
{
    private const int Datagram = 1_500;

    private static readonly GeneratedContent Content = new("fuzz", 7, 16 << 10, [new("a/b.bin", 100_000), new("c.bin", 5)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Framer("framer", new PeerMessageLimits(1003)),
        Framer("framer before the metadata", new PeerMessageLimits(-1)),
        new("handshake", [Shake(PeerCapabilities.None), Shake(PeerCapabilities.Fast | PeerCapabilities.Extended), Latin("GET / HTTP/1.1\r\n\r\n")], static bytes =>
        {
            var head = bytes.AsSpan(0, Math.Min(bytes.Length, Handshake.Length));
            if (HandshakeCheck.Examine(head, Content.InfoHash) == HandshakeVerdict.Ok && head.Length == Handshake.Length)
                _ = PeerClient.Describe(Handshake.Read(head).PeerId);
        }, []),
        new("bencode", Texts("i42e", "4:spam", "l4:spami-7ee", "d3:cow3:moo4:spaml1:a1:bee", "de", "le", "d1:ad1:bd1:clllleeeeee"), static bytes => BencodeScanner.Check(bytes), [typeof(BencodeScanException)])
        {
            Growing = [("a list of numbers", n => Many("l", "i1e", "e", n)), ("keys in order", Keys(isSorted: true)), ("keys in no order", Keys(isSorted: false)), ("nested", n => Many("", "l", "", n)), ("a long string", n => Latin($"{n}:{new string('x', n)}"))],
        },
        new("metainfo", [Content.BuildTorrent(), Content.BuildTorrent(new Uri("http://t.example/announce"), new Uri("udp://t.example:1")), Latin("d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee")], static bytes => TorrentFileParser.Parse(bytes), [typeof(TorrentFormatException)], BytesPerByte: 400)
        {
            Growing = [("files", Files), ("pieces", Pieces), ("trackers", n => Many("d13:announce-listll", "14:http://a.test/", "eee", n))],
        },
        new("magnet", Texts($"magnet:?xt=urn:btih:{new string('a', 40)}&dn=name&tr=http%3A%2F%2Ft.example%2Fannounce&x.pe=1.2.3.4:5&so=1,3-5&ws=http://w.example/", "magnet:?xt=urn:btmh:1220" + new string('a', 64)), static bytes => MagnetLink.Parse(Encoding.Latin1.GetString(bytes)), [typeof(MagnetFormatException)], BytesPerByte: 400)
        {
            MaxLength = 16 << 10,
            GrowsFrom = 4 << 10,
            Growing = [("trackers", n => Many($"magnet:?xt=urn:btih:{new string('a', 40)}", "&tr=http://a.test/", "", n)), ("peers", n => Many($"magnet:?xt=urn:btih:{new string('a', 40)}", "&x.pe=1.2.3.4:5", "", n)), ("percent signs", n => Many("magnet:?dn=", "%41", "", n))],
        },
        new("HTTP announce", Announces(), static bytes => HttpAnnounce.ParseResponse(bytes), [typeof(TrackerResponseException), typeof(TrackerFailureException)], BytesPerByte: 400)
        {
            Growing = [("compact peers", n => Latin($"d8:intervali9e5:peers{n / 6 * 6}:{new string('x', n / 6 * 6)}e")), ("peers in dictionaries", n => Many("d8:intervali9e5:peersl", "d2:ip7:1.2.3.44:porti9ee", "ee", n))],
        },
        new("HTTP scrape", Texts("d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei5e10:downloadedi50e10:incompletei10eeee", "d14:failure reason4:nopee"), static bytes => HttpScrape.ParseResponse(bytes), [typeof(TrackerResponseException), typeof(TrackerFailureException)], BytesPerByte: 400),
        new("UDP announce", [UdpTrackerServer.WriteAnnounce(7, Answer(), AddressFamily.InterNetwork), UdpTrackerServer.WriteError(7, "no")], static bytes =>
        {
            if (UdpTracker.TryReadHeader(bytes, out _, out _))
                UdpTracker.ReadAnnounce(bytes, bytes.Length % 2 == 0 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        }, [typeof(TrackerResponseException), typeof(TrackerFailureException)], BytesPerByte: 400),
        new("UDP scrape", [UdpTrackerServer.WriteScrape(7, [new ScrapeEntry(1, 2, 3), new ScrapeEntry(4, 5, 6)]), UdpTrackerServer.WriteConnect(7, 99)], static bytes =>
        {
            if (!UdpTracker.TryReadHeader(bytes, out var action, out _))
                return;
            if (action == UdpAction.Connect)
                UdpTracker.ReadConnect(bytes);
            else
                UdpTracker.ReadScrape(bytes, 2);
        }, [typeof(TrackerResponseException), typeof(TrackerFailureException)]),
        new("UDP request", [UdpTracker.WriteConnect(7), UdpTracker.WriteScrape(1, 2, [Content.InfoHash])], static bytes => Refuse(UdpTrackerServer.TryRead(bytes, out _)), [typeof(RefusedException)]) { MaxLength = Datagram },
        new("extension handshake", [new ExtensionHandshake { Client = "A 1", ListenPort = 6881, RequestQueue = 250, MetadataSize = 31_235, YourIp = IPAddress.Loopback, IsUploadOnly = true, Extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { ["ut_pex"] = 1, ["ut_metadata"] = 2 } }.Encode(), Latin("d1:mdee")], static bytes => ExtensionHandshake.Parse(bytes), [typeof(PeerWireException)], BytesPerByte: 400)
        {
            GrowsFrom = 4 << 10,
            Growing = [("other keys", Keys(isSorted: true))],
        },
        new("PEX", [new PexMessage { Added = [new PexPeer(new IPEndPoint(IPAddress.Loopback, 9), PexFlags.Seed), new PexPeer(new IPEndPoint(IPAddress.IPv6Loopback, 9), PexFlags.None)], Dropped = [new IPEndPoint(IPAddress.Loopback, 8)] }.Encode()], static bytes => PexMessage.Parse(bytes), [typeof(PeerWireException)], BytesPerByte: 400),
        new("metadata message", [MetadataMessage.Request(3), MetadataMessage.Reject(0), MetadataMessage.Bring(new byte[20_000], 1)], static bytes => MetadataMessage.Parse(bytes), [typeof(PeerWireException)], BytesPerByte: 400),
        new("KRPC", Krpc(), static bytes => KrpcReader.Read(bytes), [typeof(KrpcException)], BytesPerByte: 800) { MaxLength = Datagram },
        new("LSD", [new LsdMessage(6881, [Content.InfoHash], "cookie").Write(AddressFamily.InterNetwork)], static bytes => Refuse(LsdMessage.TryRead(bytes, out _)), [typeof(RefusedException)], BytesPerByte: 400) { MaxLength = Datagram },
        new("resume data", [ResumeFormat.Encode(SampleResume.One)], static bytes => ResumeFormat.Decode(bytes), [typeof(ResumeFormatException)], BytesPerByte: 800) { Mend = WithSum },
        new("saved DHT nodes", [SavedNodesFile.Encode(new SavedNodes { Id = new NodeId(new byte[20]), Nodes = [new NodeContact(new NodeId(new byte[20]), new IPEndPoint(IPAddress.Loopback, 7))] })], static bytes => SavedNodesFile.Decode(bytes), [typeof(FormatException)], BytesPerByte: 400),
        new("IP filter", Texts("a name:1.2.3.4-1.2.3.9\n# no\n1.2.3.0/24\n", "001.002.003.004 - 001.002.003.009 , 000 , name\r\n2001:db8::/32\nx:2001::-2001::ff\n"), static bytes => IpFilterReader.Read(new MemoryStream(bytes), "fuzz"), [typeof(IpFilterException)], BytesPerByte: 64)
        {
            BytesAtAll = 256 << 10,
            Growing = [("ranges", n => Many("", "n:1.2.3.4-1.2.3.9\n", "", n)), ("ranges backwards", Backwards), ("one long line", n => Many("", "1.2.3.4-", "", n)), ("colons", n => Many("", ":-:-1:-\n", "", n))],
        },
    ];

    private static FuzzTarget Framer(string name, PeerMessageLimits limits) => new(
        name,
        [
            Bytes(PeerMessage.KeepAlive, PeerMessage.Unchoke, PeerMessage.Interested, PeerMessage.Have(new PieceIndex(5)), PeerMessage.Request(Block), PeerMessage.Cancel(Block)),
            Bytes(PeerMessage.Bitfield(new byte[126]), PeerMessage.Block(new PieceIndex(1), 16_384, new byte[100]), PeerMessage.DhtPort(7), PeerMessage.HaveAll, PeerMessage.HaveNone),
            Bytes(PeerMessage.Suggest(new PieceIndex(1)), PeerMessage.AllowedFast(new PieceIndex(1)), PeerMessage.Reject(Block), PeerMessage.Extended(3, new byte[10]), PeerMessage.Unknown(99, new byte[10])),
        ],
        bytes =>
        {
            ReadOnlyMemory<byte> rest = bytes;
            while (PeerMessageReader.TryRead(rest, limits, out var message, out var consumed, out var needed) == PeerReadStatus.Read)
            {
                // No message is longer or shorter than what it is written as.
                if (consumed != PeerMessageWriter.GetLength(message) || consumed != needed)
                    throw new InvalidOperationException($"{message} took {consumed} bytes of {needed}.");
                rest = rest[consumed..];
            }
        },
        [typeof(PeerWireException)])
    {
        Growing = [("keep-alives", n => new byte[n]), ("haves", n => Repeat(Bytes(PeerMessage.Have(new PieceIndex(3))), n)), ("unknown", n => Repeat(Bytes(PeerMessage.Unknown(200, new byte[3])), n))],
    };

    private static BlockRequest Block => new(new PieceIndex(2), 16_384, 16_384);

    private static byte[] Bytes(params PeerMessage[] messages) => EndToEnd.WirePeer.Bytes(messages);

    private static byte[] Shake(PeerCapabilities capabilities) => EndToEnd.WirePeer.Greeting(Content.InfoHash, capabilities, PeerId.Create(new Random(1)));

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[][] Texts(params string[] texts) => Array.ConvertAll(texts, Latin);

    private static AnnounceResponse Answer() => HttpAnnounce.ParseResponse(Announces()[0]);

    private static byte[][] Announces() => Texts(
        "d8:completei5e10:incompletei3e8:intervali1800e12:min intervali60e5:peers12:abcdefghijkle",
        "d8:intervali9e5:peersld2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti9eeee",
        "d8:intervali9e6:peers618:aaaaaaaaaaaaaaaaaae",
        "d14:failure reason5:go on8:retry in5:nevere",
        "d10:tracker id3:abc15:warning message4:hmm.8:intervali9e5:peers0:e");

    private static byte[][] Krpc() => Texts(
        "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe",
        "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:q9:find_node1:t2:aa1:y1:qe",
        "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers2:roi1e1:t2:aa1:v4:AT011:y1:qe",
        "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
        "d2:ip6:abcdef1:rd2:id20:abcdefghij01234567895:nodes26:abcdefghij0123456789axje.u5:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
        "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee");

    private static byte[] Repeat(byte[] unit, int length)
    {
        var all = new byte[length / unit.Length * unit.Length];
        for (var i = 0; i < all.Length; i += unit.Length)
            unit.CopyTo(all, i);
        return all;
    }

    private static byte[] Many(string before, string unit, string after, int length)
        => [.. Latin(before), .. Repeat(Latin(unit), length), .. Latin(after)];

    /// <summary>A dictionary of many keys, each another one.</summary>
    private static Func<int, byte[]> Keys(bool isSorted) => length =>
    {
        var count = length / 14;
        var text = new StringBuilder("d");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"8:k{(isSorted ? i : (int)((i * 7_919L) % 9_999_991)):0000000}0:");
        return Latin(text.Append('e').ToString());
    };

    private static byte[] Files(int length)
    {
        var text = new StringBuilder("d4:infod5:filesl");
        for (var i = 0; i < length / 34; i++)
            text.Append(CultureInfo.InvariantCulture, $"d6:lengthi1e4:pathl8:f{i:0000000}ee");
        var hashes = ((length / 34) + 16_383) / 16_384 * 20;
        return Latin(text.Append(CultureInfo.InvariantCulture, $"e4:name1:a12:piece lengthi16384e6:pieces{hashes}:{new string('h', hashes)}ee").ToString());
    }

    private static byte[] Pieces(int length)
    {
        var pieces = length / 20;
        return Latin($"d4:infod6:lengthi{pieces * 16_384L}e4:name1:a12:piece lengthi16384e6:pieces{pieces * 20}:{new string('h', pieces * 20)}ee");
    }

    private static byte[] Backwards(int length)
    {
        var text = new StringBuilder();
        for (var i = length / 20; i > 0; i--)
            text.Append(CultureInfo.InvariantCulture, $"1.{i >> 16 & 255:000}.{i >> 8 & 255:000}.{i & 255:000}/32     \n");
        return Latin(text.ToString());
    }

    /// <summary>Resume data with the right sum of whatever it holds.</summary>
    private static byte[] WithSum(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf("3:sum20:"u8);
        if (at < 0 || at + 28 > bytes.Length)
            return bytes;
        byte[] rest = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + 28)];
        var mended = (byte[])bytes.Clone();
        SHA1.HashData(rest, mended.AsSpan(at + 8, 20));
        return mended;
    }

    private static void Refuse(bool isRead)
    {
        if (!isRead)
            throw new RefusedException();
    }

    /// <summary>Stands for the answer "no" of those who do not throw.</summary>
    private sealed class RefusedException : Exception;
}
