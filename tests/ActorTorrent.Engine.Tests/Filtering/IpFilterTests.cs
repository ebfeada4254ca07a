using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Filtering;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Filtering;

public sealed class IpFilterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Some name:1.2.3.4-1.2.3.9")]
    [InlineData("Name: with, colons: and - dashes:1.2.3.4-1.2.3.9")]
    [InlineData("001.002.003.004 - 001.002.003.009 , 000 , Some name")]
    [InlineData("001.002.003.004 - 001.002.003.009 , 127 , Some, name")]
    [InlineData("1.2.3.4-1.2.3.9\r")]
    [InlineData("  1.2.3.4 - 1.2.3.9  ")]
    [InlineData("1.2.3.4/31\n1.2.3.6\n1.2.3.7\n1.2.3.8/31")]
    [InlineData("\uFEFF1.2.3.4-1.2.3.9")]
    public void Every_form_of_a_line_is_read(string text)
    {
        var filter = Read(text);

        Assert.False(filter.Blocks(IPAddress.Parse("1.2.3.3")));
        for (var last = 4; last <= 9; last++)
            Assert.True(filter.Blocks(IPAddress.Parse($"1.2.3.{last}")), $"1.2.3.{last}");
        Assert.False(filter.Blocks(IPAddress.Parse("1.2.3.10")));
        Assert.True(filter.Blocks(IPAddress.Parse("::ffff:1.2.3.4")));
        Assert.Equal(1, filter.Count);
    }

    [Theory]
    [InlineData("2001:db8::/120")]
    [InlineData("2001:db8::-2001:db8::ff")]
    [InlineData("A name:2001:db8::-2001:db8::ff")]
    [InlineData("A: name:2001:db8::-2001:db8::ff")]
    public void Ipv6_is_read_too(string text)
    {
        var filter = Read(text);

        Assert.True(filter.Blocks(IPAddress.Parse("2001:db8::")));
        Assert.True(filter.Blocks(IPAddress.Parse("2001:db8::ff")));
        Assert.False(filter.Blocks(IPAddress.Parse("2001:db8::100")));
        Assert.False(filter.Blocks(IPAddress.Parse("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff")));
        Assert.False(filter.Blocks(IPAddress.Parse("1.2.3.4")));
    }

    [Fact]
    public void Comments_allowed_levels_and_nonsense_count_for_nothing()
    {
        var filter = Read("# 9.9.9.9\n; 9.9.9.9\n// 9.9.9.9\n\n9.9.9.9 - 9.9.9.9 , 128 , allowed\nnonsense\n9.9.9.9-9.9.9.8\n9.9.9.9/33\n9.9.9.256\n1.1.1.1\n");

        Assert.Equal(1, filter.Count);
        Assert.True(filter.Blocks(IPAddress.Parse("1.1.1.1")));
        Assert.False(filter.Blocks(IPAddress.Parse("9.9.9.9")));
    }

    [Fact]
    public void The_whole_of_the_addresses_can_be_filtered()
    {
        var filter = Read("0.0.0.0/0\n::/0\n255.255.255.255\n");

        Assert.Equal(2, filter.Count);
        Assert.True(filter.Blocks(IPAddress.Parse("255.255.255.255")));
        Assert.True(filter.Blocks(IPAddress.IPv6Any));
    }

    [Fact]
    public void A_list_may_be_compressed()
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("a:1.2.3.4-1.2.3.9\n"u8);
        bytes.Position = 0;

        Assert.True(IpFilterReader.Read(bytes, "list.gz").Blocks(IPAddress.Parse("1.2.3.5")));
    }

    [Fact]
    public void A_file_that_is_no_list_is_refused()
    {
        Assert.Contains("a.txt", Assert.Throws<IpFilterException>(() => IpFilterReader.Read(new MemoryStream("<html>\nno"u8.ToArray()), "a.txt")).Message, StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<IpFilterException>(() => IpFilterReader.ReadFiles([_folder["missing"]])).Message, StringComparison.Ordinal);
        Assert.Equal(0, Read("").Count);
    }

    [Fact]
    public void It_blocks_what_a_list_of_ranges_looked_through_one_by_one_blocks()
        => Prop.ForAll(
            Gen.Choose(0, 300).Two().ArrayOf(8).ToArbitrary(),
            static ranges =>
            {
                var builder = new IpFilterBuilder();
                foreach (var (first, last) in ranges)
                    builder.Add((uint)first, (uint)last);
                var filter = builder.Build();
                for (var i = 0; i <= 301; i++)
                {
                    var address = new IPAddress([0, 0, (byte)(i >> 8), (byte)i]);
                    Assert.Equal(ranges.Any(range => range.Item1 <= i && i <= range.Item2), filter.Blocks(address));
                }
            }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_million_ranges_are_read_fast_and_take_little()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 1_000_000; i++)
        {
            var first = 0x0100_0000u + ((uint)i * 16);
            text.Append(CultureInfo.InvariantCulture, $"range {i}:{first >> 24}.{first >> 16 & 255}.{first >> 8 & 255}.{first & 255}-{first >> 24}.{first >> 16 & 255}.{first >> 8 & 255}.{(first & 255) + 9}\n");
        }
        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        var least = TimeSpan.MaxValue;
        var taken = 0L;
        // A busy machine makes it longer, and never shorter.
        for (var attempt = 0; attempt < 12 && least >= TimeSpan.FromSeconds(1); attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var filter = IpFilterReader.Read(new MemoryStream(bytes), "large");
            var elapsed = Stopwatch.GetElapsedTime(started);
            taken = GC.GetAllocatedBytesForCurrentThread() - before;
            least = elapsed < least ? elapsed : least;
            Assert.Equal(1_000_000, filter.Count);
            Assert.True(filter.Blocks(IPAddress.Parse("1.0.0.9")));
            Assert.False(filter.Blocks(IPAddress.Parse("1.0.0.10")));
        }
        Assert.True(least < TimeSpan.FromSeconds(1), $"{least} for a million ranges");
        Assert.True(taken < 32 << 20, $"{taken} bytes for a million ranges");
    }

    [Fact]
    public async Task Who_is_filtered_is_neither_dialled_nor_let_in_and_leaves_when_the_list_changes()
    {
        var content = new GeneratedContent("filtered", 1, 64 << 10, [new("file.bin", 4_000_000)]);
        await using var filtered = await StubPeer.StartAsync(PeerScript.Healthy(), content.InfoHash, content);
        await using var later = await StubPeer.StartAsync(PeerScript.Healthy(300_000), content.InfoHash, content);
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(1_000_000), content.InfoHash, content);
        var list = _folder["list.p2p"];
        await File.WriteAllTextAsync(list, $"bad:{filtered.EndPoint.Address}-{filtered.EndPoint.Address}\n");
        await using var engine = await EngineUnderTest.StartAsync(
            $"actortorrent.ip-filter {{ files = [\"{list}\"], reload-interval = 50ms }}", filter: IpFilterReader.ReadFiles([list]));
        var torrent = await engine.DownloadAsync(content, _folder["out"], filtered.EndPoint, later.EndPoint, healthy.EndPoint);
        await Eventually.HoldsAsync(() => later.Counts.Blocks > 0, static () => "nothing is fetched");

        await using var dialler = await WirePeer.ConnectAsync(torrent.ListenPort, 1, filtered.EndPoint.Address);
        Assert.Equal(0, await dialler.ReadToEndAsync());
        await File.WriteAllTextAsync(list, $"bad:{filtered.EndPoint.Address}-{filtered.EndPoint.Address}\nworse:{later.EndPoint.Address}-{later.EndPoint.Address}\n");
        var left = await engine.Until<FaultJournalEntry>(entry => entry.Fault.EndPoint.Equals(later.EndPoint));
        await engine.UntilComplete();

        Assert.Equal((FaultCause.Filtered, FaultAction.Stop), (left.Fault.Cause, left.Decision.Action));
        var refused = engine.Seen.OfType<FaultJournalEntry>().Single(entry => entry.Fault.EndPoint.Address.Equals(filtered.EndPoint.Address));
        Assert.Equal((FaultCause.Filtered, FaultAction.Stop), (refused.Fault.Cause, refused.Decision.Action));
        Assert.Equal(0, filtered.Counts.Connections);
        Assert.True(content.Verify(_folder["out"]).IsGood);
    }

    private static IpFilter Read(string text) => IpFilterReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "list");
}
