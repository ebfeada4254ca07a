using System.Globalization;

namespace ActorTorrent.Service.Api;

/// <summary>Names an event: the run of the service and its number in it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Number">The number.</param>
internal readonly record struct EventId(string Run, long Number)
{
    /// <summary>As it stands in <c>id:</c> and <c>Last-Event-ID</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}-{Number}");

    /// <summary>Reads one; what is none names an event that nobody knows.</summary>
    public static EventId Parse(string text)
    {
        var dash = text.LastIndexOf('-');
        return dash > 0 && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new EventId(text[..dash], number)
            : new EventId("", 0);
    }
}
