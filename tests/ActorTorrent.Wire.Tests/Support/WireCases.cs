using System.Net;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Support;

/// <summary>Generators of the protocol's values.</summary>
internal static class WireCases
{
    public const int PieceCount = 1003;

    public static readonly PeerMessageLimits Limits = new(PieceCount);

    public static Gen<InfoHash> InfoHashes => Properties.Bytes(20).Select(bytes => new InfoHash(bytes));

    public static Gen<PeerId> PeerIds => Properties.Bytes(20).Select(bytes => new PeerId(bytes));

    public static Gen<PieceIndex> Pieces => Gen.Choose(0, PieceCount - 1).Select(value => new PieceIndex(value));

    public static Gen<BlockRequest> Blocks =>
        from piece in Pieces
        from offset in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(0, int.MaxValue)
        select new BlockRequest(piece, offset, length);

    public static Gen<PeerMessage> Messages => Gen.OneOf(
        Gen.Elements(
            PeerMessage.KeepAlive,
            PeerMessage.Choke,
            PeerMessage.Unchoke,
            PeerMessage.Interested,
            PeerMessage.NotInterested,
            PeerMessage.HaveAll,
            PeerMessage.HaveNone),
        Pieces.Select(PeerMessage.Have),
        Pieces.Select(PeerMessage.Suggest),
        Pieces.Select(PeerMessage.AllowedFast),
        Blocks.Select(PeerMessage.Request),
        Blocks.Select(PeerMessage.Cancel),
        Blocks.Select(PeerMessage.Reject),
        Gen.Choose(0, ushort.MaxValue).Select(port => PeerMessage.DhtPort((ushort)port)),
        Bitfields(PieceCount).Select(bits => PeerMessage.Bitfield(bits.ToBytes())),
        from piece in Pieces
        from offset in Gen.Choose(0, int.MaxValue)
        from data in Properties.Bytes(0, 200)
        select PeerMessage.Block(piece, offset, data),
        from id in Gen.Choose(0, 255)
        from payload in Properties.Bytes(0, 60)
        select PeerMessage.Extended((byte)id, payload),
        from id in Gen.Choose(21, 255)
        from body in Properties.Bytes(0, 60)
        select PeerMessage.Unknown((byte)id, body));

    public static Gen<IPEndPoint> EndPoints =>
        from address in Gen.OneOf(Properties.Bytes(4), Properties.Bytes(16))
        from port in Gen.Choose(1, ushort.MaxValue)
        select new IPEndPoint(new IPAddress(address), port);

    public static Gen<AnnounceRequest> Announces =>
        from hash in InfoHashes
        from id in PeerIds
        from port in Gen.Choose(0, ushort.MaxValue)
        from numbers in Gen.Choose(0, int.MaxValue).Select(value => value * 4099L).ArrayOf(3)
        from why in Gen.Elements(Enum.GetValues<AnnounceEvent>())
        from wanted in Gen.Choose(-1, 500)
        from key in Properties.Bytes(4)
        from trackerId in Gen.Elements(null, "", "a b&c=d", "schlüssel+%41")
        select new AnnounceRequest(
            hash, id, (ushort)port, numbers[0], numbers[1], numbers[2], why, wanted, BitConverter.ToUInt32(key), trackerId);

    public static Gen<Bitfield> Bitfields(int count) =>
        Gen.Elements(true, false).ArrayOf(count).Select(bits =>
        {
            var field = new Bitfield(count);
            for (var i = 0; i < count; i++)
            {
                if (bits[i])
                    field.Set(new PieceIndex(i));
            }
            return field;
        });
}
