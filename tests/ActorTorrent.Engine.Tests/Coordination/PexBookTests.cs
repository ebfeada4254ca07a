using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class PexBookTests
{
    [Fact]
    public void Who_adds_and_drops_what_it_hears_knows_in_the_end_what_there_is() => Prop.ForAll(
        Gen.Choose(0, 150).ArrayOf().ArrayOf().ToArbitrary(),
        rounds =>
        {
            var book = new PexBook();
            var known = new HashSet<IPEndPoint>();
            var there = new Dictionary<IPEndPoint, PexFlags>();
            foreach (var round in rounds)
            {
                there = round.Distinct().ToDictionary(n => new IPEndPoint(IPAddress.Parse($"80.1.1.{n}"), 6881), _ => PexFlags.Reachable);
                Hear();
            }
            while (Hear())
            {
                // Until there is no more to tell.
            }
            Assert.True(known.SetEquals(there.Keys));

            bool Hear()
            {
                if (book.Next(there) is not { } message)
                    return false;
                Assert.InRange(message.Added.Count, 0, PexMessage.MostSent);
                Assert.InRange(message.Dropped.Count, 0, PexMessage.MostSent);
                foreach (var peer in message.Dropped)
                    Assert.True(known.Remove(peer));
                foreach (var peer in message.Added)
                    Assert.True(known.Add(peer.EndPoint));
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
