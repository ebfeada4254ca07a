using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Tests;

public sealed class AltScheduleTests
{
    private const int Sunday = 1;
    private const int Monday = 2;

    // 2026-11-22 is a Sunday.
    [Theory]
    [InlineData(540, 1020, 127, 22, 8, 59, false)]
    [InlineData(540, 1020, 127, 22, 9, 0, true)]
    [InlineData(540, 1020, 127, 22, 17, 0, false)]
    [InlineData(540, 1020, Monday, 22, 12, 0, false)]
    [InlineData(1320, 360, Sunday, 22, 23, 0, true)]
    [InlineData(1320, 360, Sunday, 23, 5, 59, true)]
    [InlineData(1320, 360, Sunday, 23, 6, 0, false)]
    [InlineData(1320, 360, Sunday, 23, 23, 0, false)]
    [InlineData(0, 0, Sunday, 22, 12, 0, true)]
    public void A_time_over_midnight_belongs_to_the_day_that_it_began_on(int begin, int end, int days, int day, int hour, int minute, bool isDue) =>
        Assert.Equal(isDue, AltSchedule.IsDue(
            new SessionSettings { AltBegin = begin, AltEnd = end, AltDays = days }, new DateTime(2026, 11, day, hour, minute, 0, DateTimeKind.Local)));
}
