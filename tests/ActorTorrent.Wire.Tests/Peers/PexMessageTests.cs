using System.Net;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class PexMessageTests
{
    private static Gen<PexMessage> Messages =>
        from added in WireCases.EndPoints.ArrayOf()
        from flags in Gen.Choose(0, 31).ArrayOf(added.Length)
        from dropped in WireCases.EndPoints.ArrayOf()
        select new PexMessage { Added = [.. added.Zip(flags, (peer, flag) => new PexPeer(peer, (PexFlags)flag)).Take(100)], Dropped = [.. dropped.Take(100)] };

    [Fact]
    public void Round_trips() => Properties.Hold(Messages, message =>
    {
        var read = PexMessage.Parse(message.Encode());
        Assert.Equal(message.Added.OrderBy(p => p.EndPoint.AddressFamily), read.Added);
        Assert.Equal(message.Dropped.OrderBy(p => p.AddressFamily), read.Dropped);
    });

    [Fact]
    public void Reads_what_libtorrent_sends()
    {
        var read = PexMessage.Parse(Bencoded.Of("d<added><\x7f\0\0\x01\x1a\xe1><added.f><\x02><added6><><added6.f><><dropped><><dropped6><>e"));
        Assert.Equal([new PexPeer(IPEndPoint.Parse("127.0.0.1:6881"), PexFlags.Seed)], read.Added);
        Assert.Empty(read.Dropped);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("d<added><>e")]
    [InlineData("d<added><abcd\0\0>e")]
    public void An_empty_one_is_none(string payload)
    {
        var read = PexMessage.Parse(Bencoded.Of(payload));
        Assert.Empty(read.Added);
        Assert.Empty(read.Dropped);
    }

    [Fact]
    public void Flags_that_do_not_fit_count_as_none() =>
        Assert.Equal(PexFlags.None, Assert.Single(PexMessage.Parse(Bencoded.Of("d<added><abcdef><added.f><xyz>e")).Added).Flags);

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("d<added><abcde>e")]
    [InlineData("d<added6><abcdef>e")]
    [InlineData("d<dropped><abcdefg>e")]
    [InlineData("d<added>lee")]
    [InlineData("d<added>i5ee")]
    public void Refuses_what_is_no_list_of_addresses(string payload)
        => Assert.Equal(PeerWireError.MalformedMessage, Assert.Throws<PeerWireException>(() => PexMessage.Parse(Bencoded.Of(payload))).Error);

    [Fact]
    public void Refuses_more_peers_than_anybody_needs()
    {
        Assert.Equal(PeerWireError.OversizedMessage, Error($"d<added><{new string('x', 6 * (PexMessage.MostReceived + 1))}>e"));
        Assert.Equal(PeerWireError.OversizedMessage, Error($"d<added><{new string('x', 6 * PexMessage.MostReceived)}><added6><{new string('x', 18)}>e"));
        Assert.Equal(PeerWireError.OversizedMessage, Error($"d<dropped6><{new string('x', 18 * (PexMessage.MostReceived + 1))}>e"));
        Assert.Equal(PeerWireError.OversizedMessage, Error($"d<padding><{new string('x', PexMessage.MaxLength)}>e"));

        static PeerWireError Error(string payload) => Assert.Throws<PeerWireException>(() => PexMessage.Parse(Bencoded.Of(payload))).Error;
    }

    [Fact]
    public void Cut_off_or_changed_at_any_byte_it_is_read_or_refused()
    {
        var message = new PexMessage { Added = [new(IPEndPoint.Parse("1.2.3.4:5"), PexFlags.Reachable)], Dropped = [IPEndPoint.Parse("[2001:db8::1]:6")] }.Encode();
        for (var at = 0; at < message.Length; at++)
        {
            ReadOrRefuse(message.AsMemory(0, at));
            for (var value = 0; value < 256; value++)
            {
                var changed = message.ToArray();
                changed[at] = (byte)value;
                ReadOrRefuse(changed);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused() => Properties.Hold(Properties.Bytes(0, 300), bytes => ReadOrRefuse(bytes));

    private static void ReadOrRefuse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            Assert.InRange(PexMessage.Parse(payload).Added.Count, 0, PexMessage.MostReceived);
        }
        catch (PeerWireException e)
        {
            Assert.True(e.Error is PeerWireError.MalformedMessage or PeerWireError.OversizedMessage);
        }
    }
}
