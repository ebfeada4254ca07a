using ActorTorrent.Engine.Peers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using BenchmarkDotNet.Attributes;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Handshakes, torrents of 1,000 pieces, DHT messages, and batches of 16 requests. One each.</summary>
public class WireBenchmarks
{
    private const int Requests = 16;

    private readonly Handshake _handshake = new(new InfoHash(new byte[InfoHash.Length]), PeerId.Create(new Random(7)), PeerCapabilities.Fast | PeerCapabilities.Extended);
    private readonly byte[] _handshakeBytes = new byte[Handshake.Length];
    private readonly byte[] _torrent =
        new GeneratedContent("content", 7, 16 * 1024, [new GeneratedFile("content.bin", 1000L * 16 * 1024)]).BuildTorrent();

    private readonly byte[] _datagram = new byte[KrpcMessage.MaxLength];
    private readonly KrpcMessage _query;
    private readonly int _queryLength;
    private readonly Outbox _outbox = new();

    public WireBenchmarks()
    {
        _handshake.Write(_handshakeBytes);
        _query = new KrpcMessage
        {
            TransactionId = "aa"u8.ToArray(),
            Kind = KrpcKind.Query,
            Method = KrpcMethod.GetPeers,
            Id = new NodeId(new byte[20]),
            Target = new NodeId(new byte[20]),
        };
        _queryLength = KrpcWriter.Write(_query, _datagram);
    }

    [Benchmark]
    public void HandshakeWrite() => _handshake.Write(_handshakeBytes);

    [Benchmark]
    public Handshake HandshakeRead() => Handshake.Read(_handshakeBytes);

    [Benchmark]
    public void BencodeScan() => BencodeScanner.Check(_torrent);

    [Benchmark]
    public TorrentMetainfo TorrentParse() => TorrentFileParser.Parse(_torrent);

    [Benchmark]
    public int KrpcWrite() => KrpcWriter.Write(_query, _datagram);

    [Benchmark]
    public KrpcMessage KrpcRead() => KrpcReader.Read(_datagram.AsMemory(0, _queryLength));

    /// <summary>As the connection gathers a batch for one send.</summary>
    [Benchmark]
    public int Requests16()
    {
        for (var i = 0; i < Requests; i++)
            _outbox.Add(PeerMessage.Request(PieceMessages.Block(i)));
        var count = _outbox.ListSegments().Count;
        _outbox.Clear();
        return count;
    }
}
