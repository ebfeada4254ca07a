using System.Numerics;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Dht;

public class NodeIdTests
{
    [Fact]
    public void Distance_is_the_exclusive_or_as_a_number() => Properties.Hold(
        KrpcCases.Ids.ArrayOf(3),
        ids => Assert.Equal(
            (Number(ids[1]) ^ Number(ids[0])).CompareTo(Number(ids[2]) ^ Number(ids[0])),
            Math.Sign(NodeId.CompareDistance(ids[0], ids[1], ids[2]))));

    [Fact]
    public void An_id_with_so_many_bits_in_common_has_so_many() => Properties.Hold(
        from ids in KrpcCases.Ids.ArrayOf(2)
        from bits in Gen.Choose(0, NodeId.Bits - 1)
        select (ids, bits),
        test =>
        {
            var made = test.ids[0].WithCommonBits(test.bits, test.ids[1]);
            Assert.Equal(test.bits, test.ids[0].CommonBits(made));
            Assert.Equal(test.bits, made.CommonBits(test.ids[0]));
        });

    [Fact]
    public void Round_trips() => Properties.Hold(Properties.Bytes(NodeId.Length), bytes =>
    {
        var id = new NodeId(bytes);
        Assert.Equal(Convert.ToHexStringLower(bytes), id.ToString());
        Assert.Equal(id, NodeId.Of(id.ToInfoHash()));
        Assert.Equal(NodeId.Bits, id.CommonBits(id));
    });

    private static BigInteger Number(NodeId id)
    {
        var bytes = new byte[NodeId.Length];
        id.CopyTo(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
