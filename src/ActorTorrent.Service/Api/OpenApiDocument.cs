using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>
/// The API's description, kept by hand: a generator would need reflection, which the native form of the program does not have. A test holds
/// it against the routes and the answers.
/// </summary>
internal static class OpenApiDocument
{
    private const string Resource = "Api/openapi.json";

    /// <summary>The document.</summary>
    public static Stream Open() => typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)!;

    /// <summary>Answers with it.</summary>
    public static async Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        var document = Open();
        await using (document.ConfigureAwait(false))
            await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
