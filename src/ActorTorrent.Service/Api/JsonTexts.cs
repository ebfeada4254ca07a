using System.Text.Json;

namespace ActorTorrent.Service.Api;

/// <summary>Finds texts that JSON can write and no program can hold: half a surrogate pair, as in <c>"\ud800"</c>.</summary>
internal static class JsonTexts
{
    /// <summary>Whether all names and texts in a value can be read.</summary>
    /// <param name="value">Of a document of bounded depth.</param>
    public static bool AreWhole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsWhole(value.GetString),
        JsonValueKind.Array => value.EnumerateArray().All(AreWhole),
        JsonValueKind.Object => value.EnumerateObject().All(static member => IsWhole(() => member.Name) && AreWhole(member.Value)),
        _ => true,
    };

    private static bool IsWhole(Func<string?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
