import { safeHtml, type Content } from '@threadbook/core'

/**
 * Mail is stored as it came, and its HTML is made safe whenever it is read. What others wrote loads
 * no image from elsewhere by itself (`data-src` says where it is).
 */
export const readable = (content: Content, remoteImages: 'kept' | 'apart'): Content =>
  content.html === undefined
    ? content
    : { ...content, html: safeHtml(content.html, { remoteImages }) }
