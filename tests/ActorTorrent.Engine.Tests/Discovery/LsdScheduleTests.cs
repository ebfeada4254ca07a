using ActorTorrent.Engine.Discovery;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Discovery;

public sealed class LsdScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly LsdSchedule _schedule = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));

    [Fact]
    public void An_empty_one_has_nothing_to_tell()
    {
        Assert.Null(_schedule.NextAt());
        Assert.Empty(_schedule.Take(Start));
    }

    [Fact]
    public void A_torrent_is_told_at_once_and_then_every_five_minutes()
    {
        _schedule.Add(Hash(1), Start);
        Assert.Equal(Start, _schedule.NextAt());
        Assert.Equal([Hash(1)], _schedule.Take(Start));
        Assert.Equal(Start.AddMinutes(5), _schedule.NextAt());
        Assert.Empty(_schedule.Take(Start.AddMinutes(5).AddTicks(-1)));
        Assert.Equal([Hash(1)], _schedule.Take(Start.AddMinutes(5)));
    }

    [Fact]
    public void A_new_torrent_waits_for_the_minute_to_be_over()
    {
        _schedule.Add(Hash(1), Start);
        _schedule.Take(Start);
        _schedule.Add(Hash(2), Start.AddSeconds(10));
        Assert.Equal(Start.AddMinutes(1), _schedule.NextAt());
        Assert.Empty(_schedule.Take(Start.AddSeconds(59)));
        Assert.Equal([Hash(2)], _schedule.Take(Start.AddMinutes(1)));
    }

    [Fact]
    public void Twenty_go_into_a_message_and_all_get_their_turn()
    {
        var hashes = Enumerable.Range(0, 50).Select(Hash).ToArray();
        foreach (var hash in hashes)
            _schedule.Add(hash, Start);
        var told = Enumerable.Range(0, 3).SelectMany(minute => _schedule.Take(Start.AddMinutes(minute))).ToArray();
        Assert.Equal(hashes, told);
        Assert.Equal(Start.AddMinutes(5), _schedule.NextAt());
    }

    [Fact]
    public void More_than_fit_into_five_minutes_are_told_round_robin()
    {
        var hashes = Enumerable.Range(0, 200).Select(Hash).ToArray();
        foreach (var hash in hashes)
            _schedule.Add(hash, Start);
        var counts = hashes.ToDictionary(hash => hash, _ => 0);
        for (var minute = 0; minute < 30; minute++)
        {
            var torrents = _schedule.Take(Start.AddMinutes(minute));
            Assert.InRange(torrents.Count, 1, 20);
            foreach (var torrent in torrents)
                counts[torrent]++;
        }
        Assert.All(counts.Values, count => Assert.Equal(3, count));
    }

    [Fact]
    public void One_that_is_gone_is_not_told_and_one_that_comes_back_is_new()
    {
        _schedule.Add(Hash(1), Start);
        _schedule.Add(Hash(2), Start);
        _schedule.Remove(Hash(1));
        Assert.Equal([Hash(2)], _schedule.Take(Start));
        _schedule.Remove(Hash(2));
        Assert.Null(_schedule.NextAt());
        _schedule.Add(Hash(2), Start.AddMinutes(2));
        Assert.Equal([Hash(2)], _schedule.Take(Start.AddMinutes(2)));
        Assert.Equal(1, _schedule.Count);
    }

    [Fact]
    public void Coming_and_going_leaves_nothing_behind()
    {
        for (var i = 0; i < 200_000; i++)
        {
            _schedule.Add(Hash(i % 3), Start);
            _schedule.Remove(Hash(i % 3));
            Assert.InRange(_schedule.Places, 0, 20);
        }
        Assert.Null(_schedule.NextAt());
    }

    private static InfoHash Hash(int number) => InfoHash.Parse($"{number:x40}");
}
