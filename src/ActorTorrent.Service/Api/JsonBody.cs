using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>A request's body as a JSON object, read strictly: what is unknown or of another kind is refused with its place.</summary>
internal sealed class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly JsonElement _object;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private JsonBody(JsonElement element) => _object = element;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">It is no JSON object.</exception>
    public static async Task<JsonBody> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "The body must be JSON: Content-Type: application/json.");
        try
        {
            // Not from the pool: strings are read off it after this method has returned.
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted).ConfigureAwait(false);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ApiException(StatusCodes.Status400BadRequest, "The body must be a JSON object.", "");
            if (!JsonTexts.AreWhole(document.RootElement))
                throw new ApiException(StatusCodes.Status400BadRequest, "The body holds half a surrogate pair.", "");
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!names.Add(member.Name))
                    throw new ApiException(StatusCodes.Status400BadRequest, "The body says this twice.", "/" + member.Name);
            }
            return new JsonBody(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, string.Create(
                CultureInfo.InvariantCulture, $"The body is not JSON that can be read, at byte {e.BytePositionInLine} of line {e.LineNumber}."));
        }
    }

    /// <summary>Whether a member is there; null counts.</summary>
    public bool Has(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out _);
    }

    /// <summary>A member's value; null when it is not there or null.</summary>
    public JsonElement? Element(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A text; null when it is not there.</summary>
    public string? Text(string name, int most = 4096) => Element(name) is { } value ? TextOf(value, "/" + name, most) : null;

    /// <summary>Yes or no; null when it is not there.</summary>
    public bool? Flag(string name) => Element(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong("/" + name, "true or false");

    /// <summary>A whole number; null when it is not there.</summary>
    public long? Number(string name, long min, long max) => Element(name) is { } value ? NumberOf(value, "/" + name, min, max) : null;

    /// <summary>A number; null when it is not there.</summary>
    public double? Real(string name, double min, double max) => Element(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max ? number
        : throw Wrong("/" + name, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));

    /// <summary>A list; null when it is not there.</summary>
    public IReadOnlyList<JsonElement>? List(string name, int most)
    {
        if (Element(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
            throw Wrong("/" + name, string.Create(CultureInfo.InvariantCulture, $"a list of at most {most}"));
        return [.. value.EnumerateArray()];
    }

    /// <summary>A list of texts; null when it is not there.</summary>
    public IReadOnlyList<string>? Texts(string name, int most, int longest = 4096) =>
        List(name, most)?.Select((value, i) => TextOf(value, Pointer(name, i), longest)).ToArray();

    /// <exception cref="ApiException">The body has a member that nobody asked for.</exception>
    public void Finish()
    {
        foreach (var member in _object.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
                throw new ApiException(StatusCodes.Status400BadRequest, $"'{Shown(member.Name)}' is unknown here. Known are: {string.Join(", ", _known)}.", "/" + Escaped(member.Name));
        }
    }

    /// <summary>A whole number.</summary>
    public static long NumberOf(JsonElement value, string pointer, long min, long max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max ? number
        : throw Wrong(pointer, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    /// <summary>A text without control characters.</summary>
    public static string TextOf(JsonElement value, string pointer, int most)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= most && !text.Any(char.IsControl))
            return text;
        throw Wrong(pointer, string.Create(CultureInfo.InvariantCulture, $"a text of at most {most} characters, none of them control characters"));
    }

    /// <summary>The place of an item of a list.</summary>
    public static string Pointer(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"/{name}/{index}");

    /// <summary>What is told of a value that is of another kind.</summary>
    public static ApiException Wrong(string pointer, string wanted) =>
        new(StatusCodes.Status400BadRequest, $"{pointer} must be {wanted}.", pointer);

    private static string Shown(string name) => new([.. name.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);

    private static string Escaped(string name) => Shown(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
