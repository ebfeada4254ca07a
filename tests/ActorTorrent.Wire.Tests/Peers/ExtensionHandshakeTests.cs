using System.Net;
using System.Text;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class ExtensionHandshakeTests
{
    private static Gen<ExtensionHandshake> Handshakes =>
        from ids in Gen.Choose(0, 255).ArrayOf()
        from client in Gen.Elements(null, "", "ActorTorrent 0.1.0", "µTorrent 3.5", "\\x00 written out")
        from port in Maybe(Gen.Choose(1, ushort.MaxValue))
        from queue in Maybe(Gen.Choose(1, int.MaxValue))
        from address in Gen.OneOf(Gen.Constant(Array.Empty<byte>()), Properties.Bytes(4), Properties.Bytes(16))
        from isUploadOnly in Gen.Elements<bool?>(null, true, false)
        from size in Maybe(Gen.Choose(int.MinValue, int.MaxValue))
        select new ExtensionHandshake
        {
            Extensions = ids.Take(ExtensionHandshake.MaxExtensions).Select((id, at) => ($"x{at}", (byte)id)).ToDictionary(x => x.Item1, x => x.Item2),
            Client = client,
            ListenPort = port,
            RequestQueue = queue,
            YourIp = address.Length == 0 ? null : new IPAddress(address),
            IsUploadOnly = isUploadOnly,
            MetadataSize = size,
        };

    [Fact]
    public void Round_trips() => Properties.Hold(Handshakes, handshake =>
    {
        var read = ExtensionHandshake.Parse(handshake.Encode());
        Assert.Equal(handshake.Extensions.OrderBy(x => x.Key, StringComparer.Ordinal), read.Extensions.OrderBy(x => x.Key, StringComparer.Ordinal));
        Assert.Equal(
            handshake with { Extensions = read.Extensions, Client = null },
            read with { Client = null });
        Assert.Equal(handshake.Client, read.Client);
    });

    [Fact]
    public void Reads_what_transmission_sends()
    {
        var read = ExtensionHandshake.Parse(Bencoded.Of(
            "d<e>i1e<m>d<ut_metadata>i3e<ut_pex>i1ee<metadata_size>i20551e<p>i51413e<reqq>i512e<upload_only>i1e<v><Transmission 3.00>e"));
        Assert.Equal(new Dictionary<string, byte> { ["ut_metadata"] = 3, ["ut_pex"] = 1 }, read.Extensions);
        Assert.Equal("Transmission 3.00", read.Client);
        Assert.Equal(51413, read.ListenPort);
        Assert.Equal(512, read.RequestQueue);
        Assert.Equal(20551, read.MetadataSize);
        Assert.True(read.IsUploadOnly);
        Assert.Null(read.YourIp);
    }

    [Theory]
    [InlineData("d<p>i0ee")]
    [InlineData("d<p>i65536ee")]
    [InlineData("d<p><6881>e")]
    [InlineData("d<reqq>i0ee")]
    [InlineData("d<reqq>i-5ee")]
    [InlineData("d<yourip><12345>e")]
    [InlineData("d<m>le<v>i1ee")]
    [InlineData("d<m>d<ut_pex>i256e<ut_metadata>i-1e<x><1>ee")]
    [InlineData("de")]
    public void Leaves_out_what_makes_no_sense(string payload)
    {
        var read = ExtensionHandshake.Parse(Bencoded.Of(payload));
        Assert.Empty(read.Extensions);
        Assert.Equal(new ExtensionHandshake { Extensions = read.Extensions }, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("i1e")]
    [InlineData("d<m>")]
    [InlineData("d<m>d<a>i1eee<x>")]
    [InlineData("d<p>i01ee")]
    public void Refuses_what_is_no_dictionary(string payload)
    {
        var error = Assert.Throws<PeerWireException>(() => ExtensionHandshake.Parse(Bencoded.Of(payload)));
        Assert.Equal(PeerWireError.MalformedMessage, error.Error);
    }

    [Fact]
    public void Refuses_deep_and_long_ones()
    {
        var deep = "d<m>" + new string('l', 5_000) + new string('e', 5_001);
        Assert.Throws<PeerWireException>(() => ExtensionHandshake.Parse(Bencoded.Of(deep)));
        var padded = Encoding.ASCII.GetBytes($"d1:v{ExtensionHandshake.MaxLength}:{new string('x', ExtensionHandshake.MaxLength)}e");
        Assert.Throws<PeerWireException>(() => ExtensionHandshake.Parse(padded));
    }

    [Fact]
    public void Shows_a_name_without_its_control_characters()
    {
        Assert.Equal(@"a\x1b[2Jb", ExtensionHandshake.Parse(Bencoded.Of("d<v><a\u001b[2Jb>e")).Client);
        Assert.Equal(ExtensionHandshake.MaxClientLength + 1, ExtensionHandshake.Parse(Bencoded.Of($"d<v><{new string('n', 500)}>e")).Client!.Length);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_extensions()
    {
        var many = string.Concat(Enumerable.Range(100, 200).Select(n => $"<e{n}>i1e"));
        Assert.Equal(ExtensionHandshake.MaxExtensions, ExtensionHandshake.Parse(Bencoded.Of($"d<m>d{many}ee")).Extensions.Count);
    }

    [Fact]
    public void A_later_one_changes_what_it_names()
    {
        var first = ExtensionHandshake.Parse(Bencoded.Of("d<m>d<a>i1e<b>i2ee<p>i7e<reqq>i100ee"));
        var second = ExtensionHandshake.Parse(Bencoded.Of("d<m>d<b>i0e<c>i3ee<upload_only>i1ee"));
        var known = second.Over(first.Over(null));
        Assert.Equal(new Dictionary<string, byte> { ["a"] = 1, ["b"] = 0, ["c"] = 3 }, known.Extensions);
        Assert.Equal((7, 100, true), (known.ListenPort, known.RequestQueue, known.IsUploadOnly));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused() => Properties.Hold(Properties.Bytes(0, 300), bytes =>
    {
        try
        {
            _ = ExtensionHandshake.Parse(bytes);
        }
        catch (PeerWireException e)
        {
            Assert.Equal(PeerWireError.MalformedMessage, e.Error);
        }
    });

    private static Gen<int?> Maybe(Gen<int> some) => Gen.OneOf(Gen.Constant<int?>(null), some.Select(value => (int?)value));
}
