namespace ActorTorrent.Service.Session;

/// <summary>When the clock wants the alternative limits. Pure.</summary>
internal static class AltSchedule
{
    private const int MinutesADay = 24 * 60;

    /// <summary>
    /// Whether a moment is within their time. A time that ends at or before its begin reaches into the next day, and belongs to the day on
    /// which it began.
    /// </summary>
    /// <param name="settings">Begin, end, days.</param>
    /// <param name="local">The moment, local time.</param>
    public static bool IsDue(SessionSettings settings, DateTime local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        var length = (settings.AltEnd - settings.AltBegin + MinutesADay) % MinutesADay;
        if (length == 0)
            length = MinutesADay;
        var since = minute - settings.AltBegin;
        var day = (int)local.DayOfWeek;
        if (since < 0)
        {
            since += MinutesADay;
            day = (day + 6) % 7;
        }
        return since < length && (settings.AltDays & (1 << day)) != 0;
    }
}
