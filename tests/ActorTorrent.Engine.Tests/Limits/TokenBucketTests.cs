using ActorTorrent.Engine.Limits;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Limits;

public sealed class TokenBucketTests
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void It_fills_at_its_rate_up_to_its_capacity()
    {
        var bucket = new TokenBucket(new ByteRate(1_000_000), Burst, TimeSpan.Zero);
        Assert.Equal(0, bucket.Available(TimeSpan.Zero));
        Assert.Equal(100_000, bucket.Available(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(250_000, bucket.Available(TimeSpan.FromSeconds(100)));
        Assert.Equal(250_000, bucket.Capacity);
    }

    [Fact]
    public void A_slow_one_still_holds_a_block()
    {
        var bucket = new TokenBucket(new ByteRate(100), Burst, TimeSpan.Zero);
        Assert.Equal(TokenBucket.SmallestCapacity, bucket.Capacity);
        Assert.Equal(TimeSpan.FromSeconds(163.84), bucket.TimeUntil(TokenBucket.SmallestCapacity, TimeSpan.Zero));
    }

    [Fact]
    public void A_debt_is_paid_off_first()
    {
        var bucket = new TokenBucket(new ByteRate(1000), Burst, TimeSpan.Zero);
        bucket.Take(2500);
        Assert.Equal(-2500, bucket.Available(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(2.6), bucket.TimeUntil(100, TimeSpan.Zero));
        Assert.Equal(-1, bucket.Available(TimeSpan.FromSeconds(2.4995)));
        Assert.Equal(100, bucket.Available(TimeSpan.FromSeconds(2.6)));
    }

    [Fact]
    public void Without_a_limit_there_is_always_enough_and_a_new_limit_starts_empty()
    {
        var bucket = new TokenBucket(ByteRate.Unlimited, Burst, TimeSpan.Zero);
        bucket.Take(1L << 50);
        Assert.Equal(long.MaxValue, bucket.Available(TimeSpan.Zero));
        bucket.SetRate(new ByteRate(1000), TimeSpan.FromSeconds(10));
        Assert.Equal(0, bucket.Available(TimeSpan.FromSeconds(10)));
        Assert.Equal(1000, bucket.Available(TimeSpan.FromSeconds(11)));
        bucket.SetRate(ByteRate.Unlimited, TimeSpan.FromSeconds(11));
        Assert.Equal(long.MaxValue, bucket.Available(TimeSpan.FromSeconds(11)));
    }

    [Fact]
    public void Nobody_ever_has_more_than_rate_times_time_and_capacity()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<DoNotSize<int>[]>(), (rate, numbers) =>
        {
            var now = TimeSpan.Zero;
            var bucket = new TokenBucket(new ByteRate(rate.Item), Burst, now);
            var takenAt = new List<(TimeSpan At, long Bytes)>();
            foreach (var random in numbers.Select(entry => new Random(entry.Item)))
            {
                now += new TimeSpan(random.NextInt64(TimeSpan.TicksPerSecond));
                var bytes = Math.Min(random.Next(200_000), bucket.Available(now));
                bucket.Take(bytes);
                takenAt.Add((now, bytes));
            }
            for (var from = 0; from < takenAt.Count; from++)
            {
                var sum = 0L;
                for (var to = from; to < takenAt.Count; to++)
                {
                    sum += takenAt[to].Bytes;
                    var allowed = bucket.Capacity + ((takenAt[to].At - takenAt[from].At).TotalSeconds * rate.Item);
                    Assert.True(sum <= allowed + 1, $"{sum} bytes where {allowed} are allowed.");
                }
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void What_it_promises_for_a_time_is_there_then_and_not_before()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<PositiveInt>(), (rate, seed) =>
        {
            var random = new Random(seed.Item);
            var bucket = new TokenBucket(new ByteRate(rate.Item * 100L), Burst, TimeSpan.Zero);
            bucket.Take(random.Next(100_000));
            var bytes = random.Next(1, TokenBucket.SmallestCapacity);
            var wait = bucket.TimeUntil(bytes, TimeSpan.Zero);
            Assert.True(bucket.Available(wait - TimeSpan.FromTicks(1)) < bytes);
            Assert.True(bucket.Available(wait) >= bytes);
        }).Check(Config.QuickThrowOnFailure);
    }
}
