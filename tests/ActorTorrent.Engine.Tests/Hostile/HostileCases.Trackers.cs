using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <content>Trackers that lie.</content>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Trackers()
    {
        yield return new(53, "a tracker's body invalid, huge or endless; redirects in a circle, or from a public tracker to this host", [], "each is refused with its reason; no peer is blamed", async stage =>
        {
            var here = new Uri("http://127.0.0.1:9/announce");
            foreach (var (fault, isPublic, kind) in new (TrackerFault Fault, bool IsPublic, TrackerErrorKind Kind)[]
                     {
                         (new TrackerFault.Garbage(Text("d5:peersi1e")), false, TrackerErrorKind.Malformed),
                         (new TrackerFault.Garbage(Text(new string('l', 100_000))), false, TrackerErrorKind.Malformed),
                         (new TrackerFault.EndlessBody(), false, TrackerErrorKind.BodyTooLarge),
                         (new TrackerFault.GzipBomb(64 << 20), false, TrackerErrorKind.BodyTooLarge),
                         (new TrackerFault.RedirectLoop(), false, TrackerErrorKind.RedirectRefused),
                         (new TrackerFault.RedirectTo(here), true, TrackerErrorKind.RedirectRefused),
                         (new TrackerFault.RedirectTo(new Uri("http://169.254.169.254/latest")), true, TrackerErrorKind.RedirectRefused),
                         (new TrackerFault.RedirectTo(new Uri("http://192.168.1.1/")), true, TrackerErrorKind.RedirectRefused),
                         (new TrackerFault.Silent(), false, TrackerErrorKind.Timeout),
                     })
            {
                var tracker = await stage.TrackerAsync(fault, isPublic ? IPAddress.Parse("127.77.0.1") : null);
                var content = new Lab.Data.GeneratedContent($"case 53 {fault.GetType().Name}", (ulong)tracker.Port, 64 << 10, [new("file.bin", 1000)]);
                var torrent = TorrentFileParser.Parse(content.BuildTorrent(tracker.AnnounceUri));
                await stage.AddAsync(new TorrentSpec(torrent, stage.World.Folder()));
                TorrentEvent.AnnounceFailed? failed = null;
                await Eventually.HoldsAsync(
                    () => (failed = stage.World.Journal.Events<TorrentEvent.AnnounceFailed>().FirstOrDefault(failed => failed.InfoHash == torrent.InfoHash)) is not null,
                    () => $"{fault} is not noticed");
                Assert.Equal(kind, failed!.Error.Kind);
                Assert.NotEmpty(failed.Error.Message);
            }
        });
        yield return new(54, "a tracker names 40 dead peers and one seed", [Restarted(FaultCause.Refused, 40, 80), Stopped(FaultCause.Refused, 0, 4_000)], "the download completes; who is named again is tried once", async stage =>
        {
            var tracker = await stage.TrackerAsync(fault: null);
            var content = stage.Small();
            var seed = await stage.StubAsync(PeerScript.Healthy(Slow), content);
            stage.Innocent(seed.EndPoint.Address);
            var random = new Random(54);
            for (var i = 0; i < 40; i++)
            {
                var dead = await stage.StubAsync(PeerScript.Refuses(), content);
                stage.Guilty(dead.EndPoint.Address, Restarted(FaultCause.Refused, 1, 2), Stopped(FaultCause.Refused, 0, 100));
                tracker.Swarms.Pin(content.InfoHash, new SwarmPeer(dead.EndPoint, PeerId.Create(random), IsSeed: true));
            }
            tracker.Swarms.Pin(content.InfoHash, new SwarmPeer(seed.EndPoint, seed.PeerId, IsSeed: true));
            await stage.AddAsync(new TorrentSpec(TorrentFileParser.Parse(content.BuildTorrent(tracker.AnnounceUri)), stage.World.Folder()));
            await stage.CompletesAsync(content.InfoHash);
        });
    }
}
