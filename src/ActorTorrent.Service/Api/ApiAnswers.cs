using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorTorrent.Engine;
using ActorTorrent.Service.Session;
using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service.Api;

/// <summary>How the API answers: JSON, entity tags, problems.</summary>
internal static class ApiAnswers
{
    /// <summary>A handler whose failures are told as problems.</summary>
    /// <param name="handler">Answers a request.</param>
    public static RequestDelegate Handler(Func<HttpContext, Task> handler) => async context =>
    {
        context.Response.Headers.CacheControl = "no-cache";
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (Exception e) when (ProblemOf(e, context) is { } problem && !context.Response.HasStarted)
        {
            await WriteAsync(context, problem).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
    };

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    /// <summary>Answers with JSON that is written already.</summary>
    public static Task JsonAsync(HttpContext context, byte[] text)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = text.Length;
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }

    /// <summary>Answers with JSON, or by 304 when the caller has this already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tag">The entity tag, without quotes.</param>
    /// <param name="text">Gives the answer, in UTF-8.</param>
    public static Task TaggedAsync(HttpContext context, string tag, Func<byte[]> text)
    {
        context.Response.Headers.ETag = $"\"{tag}\"";
        if (!EntityTags.Contains(context.Request.Headers.IfNoneMatch, tag))
            return JsonAsync(context, text());
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>Answers with nothing.</summary>
    public static Task DoneAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.Clear();
        return problem.WriteAsync(context);
    }

    private static Problem? ProblemOf(Exception failure, HttpContext context)
    {
        switch (failure)
        {
            case ApiException e:
                return Problem.Of(e.Status, e.Message, e.Pointer);
            case SessionException e:
                return Problem.Of(StatusOf(e.Kind), e.Message);
            case EngineRefusalException e:
                return Problem.Of(StatusCodes.Status409Conflict, e.Message);
            case BadHttpRequestException e:
                return Problem.Of(e.StatusCode, e.Message);
            case AskTimeoutException:
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, "The engine does not answer; it is busy or stopping.");
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return null;
            case OperationCanceledException:
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, "The service is stopping.");
            default:
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiAnswers)).LogError(
                    failure, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return Problem.Of(StatusCodes.Status500InternalServerError, "Something went wrong on our side; the log says what.");
        }
    }

    private static int StatusOf(SessionErrorKind kind) => kind switch
    {
        SessionErrorKind.NotFound => StatusCodes.Status404NotFound,
        SessionErrorKind.Invalid => StatusCodes.Status400BadRequest,
        SessionErrorKind.Conflict => StatusCodes.Status409Conflict,
        SessionErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
