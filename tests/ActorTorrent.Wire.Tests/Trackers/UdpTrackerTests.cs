using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using ActorTorrent.Wire.Trackers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Trackers;

public class UdpTrackerTests
{
    private static readonly Uri Tracker = new("udp://t.example:6969/announce");
    private static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaaaa"u8);

    private static readonly AnnounceRequest Request = new(
        Hash, new PeerId("bbbbbbbbbbbbbbbbbbbb"u8), 6881, 0x0102, 0x0304, 0x0506, AnnounceEvent.Started, 80, 0xDEADBEEF);

    private static Gen<uint> Ids => Properties.Bytes(4).Select(bytes => BitConverter.ToUInt32(bytes));

    private static Gen<Uri> Trackers => Gen.Choose(0, 600).Select(length => new Uri($"udp://t.example:6969/{new string('x', length)}"));

    [Fact]
    public void A_connect_is_the_sixteen_bytes_of_bep_15() => Assert.Equal(
        Convert.FromHexString("0000041727101980" + "00000000" + "12345678"), UdpTracker.WriteConnect(0x12345678));

    [Fact]
    public void An_announce_has_its_fields_where_bep_15_puts_them() => Assert.Equal(
        "1122334455667788" + "00000001" + "12345678"
        + "6161616161616161616161616161616161616161" + "6262626262626262626262626262626262626262"
        + "0000000000000304" + "0000000000000506" + "0000000000000102" + "00000002" + "00000000" + "DEADBEEF" + "00000050" + "1AE1"
        + "0209" + "2F616E6E6F756E6365",
        Convert.ToHexString(UdpTracker.WriteAnnounce(Tracker, 0x1122334455667788, 0x12345678, Request)));

    [Fact]
    public void A_url_of_host_and_port_alone_is_not_sent_along() =>
        Assert.Equal(UdpTracker.AnnounceLength, UdpTracker.WriteAnnounce(new Uri("udp://t.example:6969"), 1, 2, Request).Length);

    [Fact]
    public void A_url_that_is_too_long_is_refused() =>
        Assert.Throws<ArgumentException>(() => UdpTracker.WriteAnnounce(new Uri($"udp://t:1/{new string('x', 1024)}"), 1, 2, Request));

    [Fact]
    public void A_scrape_names_one_to_74_torrents()
    {
        Assert.Equal(
            "1122334455667788" + "00000002" + "12345678" + "6161616161616161616161616161616161616161",
            Convert.ToHexString(UdpTracker.WriteScrape(0x1122334455667788, 0x12345678, [Hash])));
        Assert.Throws<ArgumentException>(() => UdpTracker.WriteScrape(1, 2, []));
        Assert.Throws<ArgumentException>(() => UdpTracker.WriteScrape(1, 2, Enumerable.Repeat(Hash, 75).ToArray()));
    }

    [Fact]
    public void Announces_round_trip() => Properties.Hold(
        from request in WireCases.Announces
        from id in Ids
        from tracker in Trackers
        select (request, id, tracker),
        one =>
        {
            var datagram = UdpTracker.WriteAnnounce(one.tracker, one.id * 3UL, one.id, one.request);
            Assert.True(UdpTrackerServer.TryRead(datagram, out var read));
            var announce = Assert.IsType<UdpRequest.Announce>(read);
            Assert.Equal(one.request with { TrackerId = null }, announce.Request);
            Assert.Equal((one.id * 3UL, one.id), (announce.ConnectionId, announce.TransactionId));
            Assert.Equal(one.tracker.PathAndQuery == "/" ? "" : one.tracker.PathAndQuery, announce.UrlData);
            Assert.Null(announce.Ip);
        });

    [Fact]
    public void Scrapes_round_trip() => Properties.Hold(
        from hashes in WireCases.InfoHashes.NonEmptyListOf()
        from numbers in Gen.Choose(0, int.MaxValue).ArrayOf(3)
        from id in Ids
        select (Hashes: hashes.Take(UdpTracker.MaxScrape).ToArray(), numbers, id),
        one =>
        {
            Assert.True(UdpTrackerServer.TryRead(UdpTracker.WriteScrape(7, one.id, one.Hashes), out var read));
            var scrape = Assert.IsType<UdpRequest.Scrape>(read);
            Assert.Equal(one.Hashes, scrape.InfoHashes);
            var entries = one.Hashes.Select(_ => new ScrapeEntry(one.numbers[0], one.numbers[1], one.numbers[2])).ToArray();
            Assert.Equal(entries, UdpTracker.ReadScrape(UdpTrackerServer.WriteScrape(one.id, entries), one.Hashes.Length));
        });

    [Fact]
    public void Answers_round_trip_over_both_families() => Properties.Hold(
        from family in Gen.Elements(AddressFamily.InterNetwork, AddressFamily.InterNetworkV6)
        from peers in WireCases.EndPoints.ListOf()
        from numbers in Gen.Choose(0, int.MaxValue).ArrayOf(3)
        from id in Ids
        select (family, peers, numbers, id),
        one =>
        {
            var response = new AnnounceResponse(
                TimeSpan.FromSeconds(one.numbers[0]), null, [.. one.peers.Select(peer => new TrackerPeer(peer, null))], one.numbers[1], one.numbers[2], null, null);
            var datagram = UdpTrackerServer.WriteAnnounce(one.id, response, one.family);
            Assert.True(UdpTracker.TryReadHeader(datagram, out var action, out var id));
            Assert.Equal((UdpAction.Announce, one.id), (action, id));
            var read = UdpTracker.ReadAnnounce(datagram, one.family);
            Assert.Equal(
                (response.Interval, response.Seeders, response.Leechers, 0), (read.Interval, read.Seeders, read.Leechers, read.SkippedPeers));
            Assert.Equal(response.Peers.Where(peer => peer.EndPoint.AddressFamily == one.family), read.Peers);
        });

    [Fact]
    public void A_connection_id_round_trips() => Properties.Hold(
        from id in Ids
        from high in Ids
        select (id, high),
        one =>
        {
            Assert.True(UdpTrackerServer.TryRead(UdpTracker.WriteConnect(one.id), out var read));
            Assert.Equal(new UdpRequest.Connect(one.id), read);
            var connection = ((ulong)one.high << 32) | one.id;
            Assert.Equal(connection, UdpTracker.ReadConnect(UdpTrackerServer.WriteConnect(one.id, connection)));
        });

    [Fact]
    public void An_answer_cut_at_any_byte_is_refused_or_holds_whole_peers()
    {
        TrackerPeer[] peers = [new(IPEndPoint.Parse("1.2.3.4:5"), null), new(IPEndPoint.Parse("6.7.8.9:10"), null)];
        var whole = UdpTrackerServer.WriteAnnounce(1, new AnnounceResponse(TimeSpan.FromSeconds(1800), null, peers, 1, 2, null, null), AddressFamily.InterNetwork);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            if (length >= UdpTracker.HeaderLength + 12 && (length - 20) % 6 == 0)
                Assert.Equal(peers.Take((length - 20) / 6), UdpTracker.ReadAnnounce(cut, AddressFamily.InterNetwork).Peers);
            else
                Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadAnnounce(cut, AddressFamily.InterNetwork));
        }
    }

    [Fact]
    public void Connection_ids_and_scrapes_cut_at_any_byte_are_refused()
    {
        var connect = UdpTrackerServer.WriteConnect(1, 2);
        for (var length = 0; length < connect.Length; length++)
            Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadConnect(connect.AsSpan(0, length)));
        var scrape = UdpTrackerServer.WriteScrape(1, [new ScrapeEntry(1, 2, 3), new ScrapeEntry(4, 5, 6)]);
        for (var length = 0; length < scrape.Length; length++)
            Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadScrape(scrape.AsSpan(0, length), 2));
        Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadScrape([.. scrape, 0], 2));
    }

    [Fact]
    public void Questions_cut_at_any_byte_are_no_questions_or_shorter_ones()
    {
        var announce = UdpTracker.WriteAnnounce(Tracker, 1, 2, Request);
        for (var length = 0; length < announce.Length; length++)
            Assert.Equal(length == UdpTracker.AnnounceLength, UdpTrackerServer.TryRead(announce.AsSpan(0, length), out _));
        var scrape = UdpTracker.WriteScrape(1, 2, [Hash, Hash]);
        for (var length = 0; length < scrape.Length; length++)
            Assert.Equal(length >= 16 && (length - 16) % 20 == 0, UdpTrackerServer.TryRead(scrape.AsSpan(0, length), out _));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Properties.Hold(
        Properties.Bytes(0, 200),
        bytes =>
        {
            UdpTrackerServer.TryRead(bytes, out _);
            Refuses(() => UdpTracker.ReadConnect(bytes));
            Refuses(() => UdpTracker.ReadAnnounce(bytes, AddressFamily.InterNetworkV6));
            Refuses(() => UdpTracker.ReadScrape(bytes, 3));
        },
        times: 1000);

    [Fact]
    public void An_error_gives_the_trackers_words()
    {
        var refusal = Assert.Throws<TrackerFailureException>(() => UdpTracker.ReadAnnounce(UdpTrackerServer.WriteError(1, "not here\0"), AddressFamily.InterNetwork));
        Assert.Equal("not here", refusal.Reason);
        Assert.Equal("no reason given", Assert.Throws<TrackerFailureException>(() => UdpTracker.ReadConnect(UdpTrackerServer.WriteError(1, ""))).Reason);
        Assert.Equal(512, Assert.Throws<TrackerFailureException>(() => UdpTracker.ReadConnect(UdpTrackerServer.WriteError(1, new string('x', 5000)))).Reason.Length);
    }

    [Fact]
    public void Another_action_a_negative_interval_and_odd_peers_are_named_with_their_place()
    {
        var response = new AnnounceResponse(TimeSpan.FromSeconds(1), null, [], 1, 2, null, null);
        var good = UdpTrackerServer.WriteAnnounce(1, response, AddressFamily.InterNetwork);
        Assert.Equal("action", Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadConnect(good)).Field);
        Assert.Equal(("peers", 20L), Place([.. good, 1, 2, 3]));
        byte[] negative = [.. good];
        negative[8] = 0xFF;
        Assert.Equal(("interval", 8L), Place(negative));

        static (string, long) Place(byte[] datagram)
        {
            var problem = Assert.Throws<TrackerResponseException>(() => UdpTracker.ReadAnnounce(datagram, AddressFamily.InterNetwork));
            return (problem.Field, problem.Offset);
        }
    }

    [Fact]
    public void Peers_with_port_zero_are_counted_and_negative_counts_are_no_counts()
    {
        byte[] datagram = [0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 60, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 7, 1, 2, 3, 4, 0, 0];
        var read = UdpTracker.ReadAnnounce(datagram, AddressFamily.InterNetwork);
        Assert.Equal((1, 7, null), (read.SkippedPeers, read.Seeders, read.Leechers));
        Assert.Empty(read.Peers);
    }

    [Fact]
    public void Options_that_are_not_known_are_passed_over_and_broken_ones_are_refused()
    {
        var plain = UdpTracker.WriteAnnounce(new Uri("udp://t:1"), 1, 2, Request);
        Assert.Equal("/x?y=1", Url([1, 1, 9, 3, 0, 0, 0, 2, 2, .. "/x"u8, 2, 4, .. "?y=1"u8, 0, 99, 99]));
        Assert.False(UdpTrackerServer.TryRead((byte[])[.. plain, 2], out _));
        Assert.False(UdpTrackerServer.TryRead((byte[])[.. plain, 2, 5, 1], out _));

        string Url(byte[] options)
        {
            Assert.True(UdpTrackerServer.TryRead((byte[])[.. plain, .. options], out var read));
            return Assert.IsType<UdpRequest.Announce>(read).UrlData;
        }
    }

    private static void Refuses(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is TrackerResponseException or TrackerFailureException)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
